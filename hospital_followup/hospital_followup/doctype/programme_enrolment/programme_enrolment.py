from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate, today

from hospital_followup.exceptions import (
	DuplicateRecordError,
	EnrolmentError,
	InvalidPeriodError,
	InvalidValueError,
)
from hospital_followup.services import programme_consents, programme_plans, programme_status, programmes


class ProgrammeEnrolment(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		anchor_date: DF.Date | None
		company: DF.Data | None
		consent: DF.Link | None
		department: DF.Link | None
		ended_on: DF.Date | None
		enrolled_by: DF.Link | None
		enrolled_on: DF.Date
		enrolled_through: DF.Literal["By Hand", "Rule", "Outpatient Visit"]
		key: DF.Data | None
		pathway: DF.Link
		patient: DF.Link
		patient_name: DF.Data | None
		paused_on: DF.Date | None
		plan: DF.Link | None
		planned_until: DF.Date | None
		related_enrolment: DF.Link | None
		relation: DF.Literal["", "Mother", "Newborn", "Earlier Programme"]
		resumed_on: DF.Date | None
		status: DF.Literal["Active", "Paused", "Finished", "Left"]
		status_reason: DF.SmallText | None
	# end: auto-generated types

	def before_insert(self) -> None:
		programmes.begin(self)

	def validate(self) -> None:
		self.keep_what_planning_owns()
		self.validate_course()
		self.validate_consent()
		self.validate_leaving()
		self.validate_relation()
		self.make_key()

	def on_update(self) -> None:
		programme_plans.on_enrolment_saved(self)

	def on_trash(self) -> None:
		programme_plans.on_enrolment_deletion(self)

	def after_delete(self) -> None:
		programme_plans.on_enrolment_deleted(self)

	def keep_what_planning_owns(self) -> None:
		"""Jobs write these without touching `modified`, behind an open form: the stored value wins."""
		if before := self.get_doc_before_save():
			self.update({field: before.get(field) for field in ("plan", "planned_until")})

	def validate_course(self) -> None:
		"""Nobody follows one programme twice at a time."""
		before = self.get_doc_before_save()
		if self.status in programmes.OPEN and (not before or before.status not in programmes.OPEN):
			programme_status.refuse_second(self.patient, programmes.title_of(self.pathway), but=self.name)

	def validate_consent(self) -> None:
		"""Nobody is in a programme without having agreed to it."""
		if self.status != "Active":
			return
		self.consent = programme_consents.agreed(self.patient, programmes.title_of(self.pathway))
		if not self.consent:
			frappe.throw(
				_("{0} has not agreed to this programme yet. Record the consent first.").format(
					frappe.bold(self.patient_name)
				),
				EnrolmentError,
				title=_("Consent Missing"),
			)

	def validate_leaving(self) -> None:
		over = self.status in ("Finished", "Left")
		# Who is to take part from next week on may refuse today.
		self.ended_on = (self.ended_on or max(getdate(), getdate(self.enrolled_on))) if over else None
		self.paused_on = (self.paused_on or today()) if self.status == "Paused" else None
		before = self.get_doc_before_save()
		if before and before.status in ("Finished", "Left") and not over:
			self.resumed_on = today()
		moved = before and before.status != self.status
		if moved and before.status_reason == self.status_reason and not self.flags.reason_given:
			self.status_reason = None  # the reason for another step
		if self.status in ("Paused", "Left") and not self.status_reason:
			frappe.throw(
				_("Say why the patient pauses or leaves the programme ({0}).").format(_("Reason")),
				InvalidValueError,
				title=_("Reason Missing"),
			)
		if self.ended_on and getdate(self.ended_on) < getdate(self.enrolled_on):
			frappe.throw(
				_("The programme ends on {0}, before the enrolment on {1}. Correct one of the days.").format(
					self.get_formatted("ended_on"), self.get_formatted("enrolled_on")
				),
				InvalidPeriodError,
				title=_("Order of Days"),
			)

	def validate_relation(self) -> None:
		if not self.related_enrolment:
			self.relation = None
		elif self.related_enrolment == self.name:
			frappe.throw(
				_(
					"An enrolment cannot be linked to itself. Choose the mother's, the newborn's or the earlier one."
				),
				InvalidValueError,
				title=_("Linked Enrolment"),
			)

	def make_key(self) -> None:
		"""One enrolment per patient, pathway (whatever its version) and starting day; the database keeps it unique."""
		pathway = programmes.title_of(self.pathway)
		self.key = programmes.key_of(self.patient, pathway, getdate(self.anchor_date))
		other = frappe.db.get_value(self.doctype, {"key": self.key, "name": ["!=", self.name]})
		if other:
			frappe.throw(
				_("{0} is enrolled in {1} from this day already. Open enrolment {2} and continue it.").format(
					frappe.bold(self.patient_name), frappe.bold(pathway), frappe.bold(other)
				),
				DuplicateRecordError,
				title=_("Enrolled Already"),
			)


def on_doctype_update() -> None:
	# The nightly question: enrolments that are due to be planned (services/programme_rolling.py).
	frappe.db.add_index("Programme Enrolment", ["status", "planned_until"], "followup_enrolment_rolling")
	# Which courses ended since the last night (services/programme_graduation.py)
	frappe.db.add_index("Programme Enrolment", ["status", "ended_on"], "followup_enrolment_ended")
