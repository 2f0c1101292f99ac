"""A person the hospital stays in touch with, and how."""

from zoneinfo import available_timezones

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_link_to_form, getdate, today

from hospital_followup.exceptions import DuplicateRecordError, InvalidPeriodError, InvalidValueError
from hospital_followup.services import consent_sheet, numbers, patients, printed_course
from hospital_followup.services.phone import international, masked
from hospital_followup.services.stay_dates import completed_years


class FollowupPatient(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from hospital_followup.hospital_followup.doctype.follow_up_patient_condition.follow_up_patient_condition import (
			FollowupPatientCondition,
		)

		allergies: DF.SmallText | None
		app_account: DF.Data | None
		caregiver_mobile: DF.Data | None
		caregiver_mobile_changed_on: DF.Datetime | None
		caregiver_mobile_status: DF.Literal["Unknown", "Verified", "Wrong Number", "Out of Service"]
		caregiver_name: DF.Data | None
		caregiver_relation: DF.Data | None
		company: DF.Data | None
		conditions: DF.Table[FollowupPatientCondition]
		date_of_birth: DF.Date | None
		deceased_on: DF.Date | None
		department: DF.Link | None
		directions: DF.SmallText | None
		email: DF.Data | None
		erased_by: DF.Link | None
		erased_on: DF.Datetime | None
		external_key: DF.Data | None
		habits: DF.SmallText | None
		home_address: DF.SmallText | None
		language: DF.Link | None
		may_hear: DF.Literal["", "Only the Patient", "The Caregiver", "The People Named"]
		may_hear_names: DF.SmallText | None
		merged_into: DF.Link | None
		mobile: DF.Data | None
		mobile_changed_on: DF.Datetime | None
		mobile_masked: DF.Data | None
		mobile_status: DF.Literal["Unknown", "Verified", "Wrong Number", "Out of Service"]
		patient_id: DF.Data
		patient_name: DF.Data
		phone_verified: DF.Check
		phone_verified_by: DF.Link | None
		phone_verified_how: DF.Literal[
			"", "Entered Again", "Test Call", "Patient in Person", "Caregiver", "Ward or Clinic", "Other"
		]
		phone_verified_on: DF.Datetime | None
		preferred_channel: DF.Literal["", "Phone", "Home Visit", "WeChat", "SMS", "Email", "App Push"]
		preferred_slot: DF.Literal["", "Morning", "Afternoon", "Evening"]
		prepared_by: DF.Link | None
		prepared_on: DF.Datetime | None
		purpose_explained: DF.Check
		risk_tier: DF.Literal["", "High", "Medium", "Low"]
		sex: DF.Literal["", "Male", "Female", "Other"]
		source_digest: DF.SmallText | None
		source_doctype: DF.Link | None
		source_name: DF.DynamicLink | None
		special_care: DF.Check
		special_care_note: DF.SmallText | None
		status: DF.Literal["Active", "Do Not Contact", "Deceased", "Merged"]
		status_before_death: DF.Data | None
		status_reason: DF.SmallText | None
		time_zone: DF.Autocomplete | None
		wechat_openid: DF.Data | None
	# end: auto-generated types

	def validate(self) -> None:
		self.validate_hospital_number()
		self.validate_date_of_birth()
		self.validate_merge()
		self.tidy_phones()
		self.validate_time_zone()
		self.ask_for_guardian()

	def on_update(self) -> None:
		# Records merged into this one earlier go along, so that a chain has one link.
		if self.status == "Merged":
			frappe.db.set_value(self.doctype, {"merged_into": self.name}, "merged_into", self.merged_into)
		patients.on_patient_saved(self)

	def validate_hospital_number(self) -> None:
		self.company = (self.company or "").strip()  # never NULL: NULLs do not collide in a unique key
		self.patient_id = self.patient_id.strip()
		self.external_key = f"{self.company}|{self.patient_id}"
		other = frappe.db.get_value(
			self.doctype, {"external_key": self.external_key, "name": ("!=", self.name)}
		)
		if other:
			frappe.throw(
				_(
					"Hospital number {0} belongs to {1} already. Open that record, or correct the number."
				).format(frappe.bold(self.patient_id), self._name_of(other)),
				DuplicateRecordError,
				title=_("Patient Exists"),
			)

	def _name_of(self, other: str) -> str:
		if not frappe.has_permission(self.doctype, doc=other):
			return _("a patient of another department")
		return get_link_to_form(self.doctype, other, frappe.db.get_value(self.doctype, other, "patient_name"))

	def validate_date_of_birth(self) -> None:
		if self.date_of_birth and getdate(self.date_of_birth) > getdate(today()):
			frappe.throw(
				_("The date of birth lies in the future."), InvalidPeriodError, title=_("Dates Do Not Fit")
			)

	def validate_merge(self) -> None:
		if self.status != "Merged":
			self.merged_into = None
			return
		remaining = self.merged_into and frappe.db.get_value(self.doctype, self.merged_into, "status")
		if not remaining or remaining == "Merged" or self.merged_into == self.name:
			frappe.throw(
				_("Choose the patient record that remains in {0}.").format(_("Merged Into")),
				InvalidValueError,
			)

	def tidy_phones(self) -> None:
		country = frappe.get_cached_doc("Follow-up Settings").default_country_code
		for field, status in (("mobile", "mobile_status"), ("caregiver_mobile", "caregiver_mobile_status")):
			number, valid = international(self.get(field), country)
			self.set(field, number)
			if not valid:
				label = _(self.meta.get_label(field), context=self.doctype)
				text = _("{0} {1} is no valid telephone number; it was kept as typed.").format(label, number)
				frappe.msgprint(text, indicator="orange", title=_("Please Check the Number"))
			checked = field in (self.flags.numbers_checked or ()) or self.has_value_changed(status)
			if not self.is_new() and self.has_value_changed(field) and not checked:
				self.set(status, "Unknown")
		if (
			self.has_value_changed("phone_verified")
			and self.phone_verified
			and self.mobile_status == "Unknown"
		):
			self.mobile_status = "Verified"
		self.phone_verified = int(self.mobile_status == "Verified")
		self.mobile_masked = masked(self.mobile)
		numbers.note_changes(self)

	def validate_time_zone(self) -> None:
		if self.time_zone and self.time_zone not in available_timezones():
			sentence = _("Time zone {0} is not known. Use a name such as Asia/Shanghai, or leave it empty.")
			frappe.throw(sentence.format(frappe.bold(self.time_zone)), InvalidValueError)

	def ask_for_guardian(self) -> None:
		age_limit = frappe.get_cached_doc("Follow-up Settings").guardian_under_age
		if not self.date_of_birth or (self.caregiver_name and self.caregiver_mobile):
			return
		if completed_years(getdate(self.date_of_birth), getdate(today())) < (age_limit or 0):
			text = _(
				"This patient is under {0}: please enter the guardian's name and number, the guardian is contacted."
			)
			frappe.msgprint(text.format(age_limit), alert=True, indicator="orange")

	def printed_course(self) -> dict:
		"""The rehabilitation record on paper; read by its print format."""
		return printed_course.printed_course(self)

	def consent_sheet(self) -> dict:
		"""What is read out and signed at the first visit; read by its print format."""
		return consent_sheet.consent_sheet(self.name, first_visit=True)


def on_doctype_update() -> None:
	frappe.db.add_unique("Follow-up Patient", ["company", "patient_id"], "unique_followup_patient_number")
	# Who changed, and whose birthday it was (services/programme_candidates.py)
	frappe.db.add_index("Follow-up Patient", ["status", "modified"], "followup_patient_changed")
	frappe.db.add_index("Follow-up Patient", ["status", "date_of_birth"], "followup_patient_born")
