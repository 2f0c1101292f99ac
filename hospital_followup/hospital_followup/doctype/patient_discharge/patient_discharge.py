"""One hospital stay that ended: what tier, plan and tasks are made from."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import formatdate, get_link_to_form, getdate, today

from hospital_followup.engine.charlson import propose
from hospital_followup.exceptions import DuplicateRecordError, InvalidPeriodError, InvalidValueError
from hospital_followup.services import bedside, consent_sheet, discharge_card, discharges
from hospital_followup.services.discharge_key import discharge_key, forms_of
from hospital_followup.services.score_facts import tidy_facts
from hospital_followup.services.stay_dates import completed_years, date_problem, revisit_problem


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
		bedside_prepared: DF.Check
		bedside_prepared_on: DF.Datetime | None
		cancel_reason: DF.SmallText | None
		cancelled: DF.Check
		charlson: DF.Data | None
		charlson_proposed: DF.Data | None
		company: DF.Data | None
		comparison_group: DF.Literal["", "Held Out", "Followed Up"]
		decision: DF.Literal["Pending", "Planned", "Excluded", "Missed"]
		decision_reason: DF.SmallText | None
		department: DF.Link | None
		diagnoses: DF.Table[DischargeDiagnosis]
		discharge_date: DF.Date
		disposition: DF.Literal["", "Home", "Transferred", "Hospice", "Against Advice", "Deceased", "Other"]
		ed_visits: DF.Data | None
		emergency_admission: DF.Literal["", "Yes", "No"]
		external_id: DF.Data | None
		followed_up_after_all: DF.Check
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
		readmission_key: DF.Data | None
		readmission_state: DF.Data | None
		readmission_evidence: DF.DynamicLink | None
		readmission_evidence_doctype: DF.Link | None
		readmitted_on: DF.Date | None
		recommended_by: DF.Data | None
		recommended_by_patient: DF.Link | None
		referral_source: DF.Literal[
			"",
			"Patient",
			"Family or Friend",
			"Doctor or Hospital",
			"Hospital Staff",
			"Internet",
			"Community or Health Day",
			"Insurance or Employer",
			"Other",
		]
		revisit_date: DF.Date | None
		risk_tier: DF.Literal["", "High", "Medium", "Low"]
		sodium: DF.Data | None
		source_digest: DF.SmallText | None
		source_doctype: DF.Link | None
		source_name: DF.DynamicLink | None
		tier: DF.Link | None
	# end: auto-generated types

	def validate(self) -> None:
		self.follow_merged_patient()
		self.validate_patient()
		self.fill_from_patient()
		self.validate_dates()
		self.validate_facts()
		self.validate_diagnoses()
		self.propose_charlson()
		self.set_key()
		if self.is_new():
			bedside.take_over(self)

	def on_update(self) -> None:
		discharges.on_discharge_saved(self)

	def follow_merged_patient(self) -> None:
		"""A stay of a record that was merged belongs to the record it was merged into."""
		remaining = frappe.db.get_value("Follow-up Patient", self.patient, "merged_into")
		if remaining:
			self.patient = remaining
			frappe.msgprint(
				_("This patient record was merged; the discharge belongs to the remaining one."), alert=True
			)

	def validate_patient(self) -> None:
		"""Tasks and logs belong to the person who was called: a discharge never passes to somebody else."""
		before = self.get_doc_before_save()
		if not before or before.patient == self.patient:
			return
		if frappe.db.get_value("Follow-up Patient", before.patient, "merged_into") != self.patient:
			frappe.throw(
				_(
					"A discharge cannot be given to another patient. Tick {0} here and enter the discharge again for the right patient."
				).format(_(self.meta.get_label("cancelled"), context=self.doctype)),
				InvalidValueError,
				title=_("Not possible"),
			)

	def fill_from_patient(self) -> None:
		fields = ["patient_name", "company", "department"]
		patient = (
			frappe.db.get_value("Follow-up Patient", self.patient, fields, as_dict=True) or frappe._dict()
		)
		self.patient_name = patient.patient_name
		self.company = self.company or patient.company
		default = frappe.get_cached_doc("Follow-up Settings").default_department
		self.department = self.department or patient.department or default

	def validate_dates(self) -> None:
		born = frappe.db.get_value("Follow-up Patient", self.patient, "date_of_birth")
		discharge = getdate(self.discharge_date)
		admission = getdate(self.admission_date) if self.admission_date else None
		if problem := date_problem(admission, discharge, born, getdate(today())):
			frappe.throw(problem, InvalidPeriodError, title=_("Dates Do Not Fit"))
		revisit = getdate(self.revisit_date) if self.revisit_date else None
		changed = self.has_value_changed("revisit_date") or self.has_value_changed("discharge_date")
		if revisit and changed and (problem := revisit_problem(revisit, discharge)):
			frappe.throw(problem, InvalidPeriodError, title=_("Dates Do Not Fit"))
		if revisit and revisit < discharge:
			frappe.msgprint(
				_("The revisit date is before the discharge date."), alert=True, indicator="orange"
			)
		self.age_at_discharge = str(completed_years(born, discharge)) if born else None

	def validate_facts(self) -> None:
		if problems := tidy_facts(self):
			frappe.throw(problems, InvalidValueError, title=_("Please Check These Facts"), as_list=True)

	def validate_diagnoses(self) -> None:
		"""The first diagnosis is the principal one unless another is ticked."""
		for row in (*self.diagnoses, *self.procedures):
			if not (row.code or row.title):
				frappe.throw(_("Row {0}: enter a code or a name.").format(row.idx), InvalidValueError)
		primary = [row for row in self.diagnoses if row.primary]
		if len(primary) > 1:
			rows = ", ".join(str(row.idx) for row in primary)
			frappe.throw(
				_("Only one diagnosis can be the primary one; rows {0} are ticked.").format(rows),
				InvalidValueError,
			)
		if self.diagnoses and not primary:
			self.diagnoses[0].primary = 1

	def propose_charlson(self) -> None:
		"""The index that the diagnosis codes show; the score counts only what staff confirm in `charlson`."""
		codes = [row.code for row in self.diagnoses if row.code]
		self.charlson_proposed = str(propose(codes).score) if codes else None

	def set_key(self) -> None:
		self.key = discharge_key(self)
		other = frappe.db.get_value(
			self.doctype,
			{"key": ("in", forms_of(self.key)), "name": ("!=", self.name)},
			["name", "discharge_date"],
		)
		if other:
			link, day = get_link_to_form(self.doctype, other[0]), formatdate(other[1])
			frappe.throw(
				_(
					"This stay is recorded already: {0}, discharged on {1}. Open that record to change it."
				).format(link, day),
				DuplicateRecordError,
				title=_("Discharge Exists"),
			)

	def card(self) -> dict:
		"""What the card for the patient's pocket says; read by its print format."""
		return discharge_card.discharge_card(self)

	def consent_sheet(self) -> dict:
		"""What is read out and signed at discharge; read by its print format."""
		return consent_sheet.consent_sheet(self.patient, first_visit=False)


def on_doctype_update() -> None:
	frappe.db.add_index("Patient Discharge", ["patient", "discharge_date"], "followup_discharge_patient_date")
	frappe.db.add_index(
		"Patient Discharge", ["decision", "discharge_date"], "followup_discharge_decision_date"
	)
	# What changed (services/programme_candidates.py)
	frappe.db.add_index("Patient Discharge", ["cancelled", "modified"], "followup_discharge_changed")
