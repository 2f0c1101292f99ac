from frappe.model.document import Document


class PatientDischarge(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from hospital_followup.hospital_followup.doctype.discharge_diagnosis.discharge_diagnosis import (
			DischargeDiagnosis,
		)
		from hospital_followup.hospital_followup.doctype.discharge_procedure.discharge_procedure import (
			DischargeProcedure,
		)

		admission_date: DF.Date | None
		admissions_12m: DF.Data | None
		age_at_discharge: DF.Data | None
		any_procedure: DF.Literal["", "Yes", "No"]
		attending_doctor: DF.Data | None
		cancel_reason: DF.SmallText | None
		cancelled: DF.Check
		charlson: DF.Data | None
		charlson_proposed: DF.Data | None
		company: DF.Data | None
		decision: DF.Literal["Pending", "Planned", "Excluded", "Missed"]
		decision_reason: DF.SmallText | None
		department: DF.Link | None
		diagnoses: DF.Table[DischargeDiagnosis]
		discharge_date: DF.Date
		disposition: DF.Literal["", "Home", "Transferred", "Hospice", "Against Advice", "Deceased", "Other"]
		ed_visits: DF.Data | None
		emergency_admission: DF.Literal["", "Yes", "No"]
		external_id: DF.Data | None
		given_risk_tier: DF.Literal["", "High", "Medium", "Low"]
		haemoglobin: DF.Data | None
		haemoglobin_unit: DF.Literal["", "g/dL", "g/L"]
		inputs_hash: DF.Data | None
		instructions: DF.SmallText | None
		key: DF.Data | None
		late_discharge: DF.Check
		length_of_stay: DF.Data | None
		missing_facts: DF.SmallText | None
		oncology: DF.Literal["", "Yes", "No"]
		patient: DF.Link
		patient_name: DF.Data | None
		pending_results: DF.SmallText | None
		plan: DF.Link | None
		planned_contacts: DF.Int
		procedures: DF.Table[DischargeProcedure]
		readmitted_on: DF.Date | None
		revisit_date: DF.Date | None
		risk_tier: DF.Literal["", "High", "Medium", "Low"]
		sodium: DF.Data | None
		source_doctype: DF.Link | None
		source_name: DF.DynamicLink | None
		tier: DF.Link | None
	# end: auto-generated types
