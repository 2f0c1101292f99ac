from frappe.model.document import Document


class PatientValue(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		assessed_on: DF.Date
		company: DF.Data | None
		computed_value_tier: DF.Literal["", "High", "Medium", "Low"]
		department: DF.Link | None
		frequency: DF.Int
		frequency_score: DF.Int
		monetary: DF.Currency
		monetary_score: DF.Int
		override_reason: DF.SmallText | None
		patient: DF.Link
		patient_name: DF.Data | None
		recency: DF.Int
		recency_score: DF.Int
		score: DF.Int
		value_tier: DF.Literal["High", "Medium", "Low"]
	# end: auto-generated types
