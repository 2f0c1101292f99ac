from frappe.model.document import Document


class TierComponent(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		component: DF.Literal[
			"length_of_stay",
			"emergency_admission",
			"charlson",
			"ed_visits",
			"haemoglobin",
			"oncology",
			"sodium",
			"procedure",
			"admissions_12m",
		]
		maximum: DF.Int
		missing: DF.Check
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		points: DF.Int
		value: DF.Data | None
	# end: auto-generated types
