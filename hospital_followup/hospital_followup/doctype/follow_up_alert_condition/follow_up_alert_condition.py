from frappe.model.document import Document


class FollowupAlertCondition(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		fact: DF.Literal[
			"Answer",
			"Satisfaction",
			"Recommendation",
			"Free Text",
			"Asks for a Call",
			"Days Overdue",
			"Failed Attempts",
			"Days Since Missed Revisit",
			"Risk Tier",
		]
		operator: DF.Literal["=", "!=", "<", "<=", ">", ">=", "Contains", "Rises", "Falls"]
		over_contacts: DF.Int
		over_days: DF.Int
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		question_code: DF.Autocomplete | None
		value: DF.SmallText | None
	# end: auto-generated types
