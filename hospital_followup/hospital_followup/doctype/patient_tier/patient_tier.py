from frappe.model.document import Document


class PatientTier(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from hospital_followup.hospital_followup.doctype.tier_component.tier_component import TierComponent

		amended_from: DF.Link | None
		assessed_on: DF.Date
		company: DF.Data | None
		components: DF.Table[TierComponent]
		computed_risk_tier: DF.Literal["", "High", "Medium", "Low"]
		department: DF.Link | None
		discharge: DF.Link | None
		incomplete: DF.SmallText | None
		matched_rules: DF.SmallText | None
		method: DF.Literal["LACE", "HOSPITAL", "Rules", "Clinician", "Given", "Assumed"]
		override_reason: DF.SmallText | None
		patient: DF.Link
		patient_name: DF.Data | None
		reasons: DF.SmallText | None
		risk_tier: DF.Literal["High", "Medium", "Low"]
		score: DF.Int
		score_high: DF.Int
		score_low: DF.Int
		value_reasons: DF.SmallText | None
		value_tier: DF.Literal["", "High", "Medium", "Low"]
	# end: auto-generated types
