from frappe.model.document import Document


class TierRule(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from hospital_followup.hospital_followup.doctype.tier_rule_condition.tier_rule_condition import (
			TierRuleCondition,
		)

		conditions: DF.Table[TierRuleCondition]
		enabled: DF.Check
		priority: DF.Int
		risk_tier: DF.Literal["High", "Medium", "Low"]
		source_note: DF.SmallText | None
		title: DF.Data
	# end: auto-generated types
