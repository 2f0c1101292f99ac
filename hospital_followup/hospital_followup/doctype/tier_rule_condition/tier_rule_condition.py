from frappe.model.document import Document


class TierRuleCondition(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		field: DF.Literal[
			"age",
			"length_of_stay",
			"charlson",
			"ed_visits",
			"admissions_12m",
			"haemoglobin",
			"sodium",
			"emergency_admission",
			"oncology",
			"special_care",
			"department",
			"disposition",
			"sex",
			"diagnosis",
			"procedure",
		]
		operator: DF.Literal["=", "!=", ">", ">=", "<", "<=", "in", "contains", "starts with"]
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		value: DF.Data | None
	# end: auto-generated types
