from frappe.model.document import Document


class DischargeImportColumn(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		column_title: DF.Data
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		sample: DF.Data | None
		target: DF.Literal[
			"",
			"patient_id",
			"patient_name",
			"discharge_date",
			"admission_date",
			"risk_tier",
			"value_tier",
			"length_of_stay",
			"emergency_admission",
			"charlson",
			"ed_visits",
			"spend",
			"visits",
			"diagnosis",
			"procedure",
			"department",
			"attending_doctor",
			"date_of_birth",
			"sex",
			"mobile",
			"special_care",
			"preferred_channel",
			"disposition",
			"revisit_date",
			"instructions",
			"referral_source",
			"recommended_by",
			"external_id",
		]
	# end: auto-generated types
