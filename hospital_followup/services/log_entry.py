"""What a Follow-up Log must say, however it was entered; the rest is filled in from its task."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import frappe
from frappe import _
from frappe.utils import format_datetime, formatdate, get_datetime, getdate, now_datetime

from hospital_followup.engine.attempts import OUTCOMES
from hospital_followup.exceptions import InvalidPeriodError, InvalidValueError, LogError
from hospital_followup.services import claims
from hospital_followup.services.attempts import PROMISES
from hospital_followup.services.tasks import TASK

if TYPE_CHECKING:
	from hospital_followup.hospital_followup.doctype.follow_up_log.follow_up_log import FollowupLog

#: Clocks of two machines differ; what lies further ahead was mistyped.
CLOCK_TOLERANCE = timedelta(minutes=5)


def prepare(doc: FollowupLog) -> None:
	"""Lock and read the task, fill in what follows from it, and check the rest. Raises a FollowupError that says what is wrong."""
	task = read_task(doc)
	fill(doc, task)
	check_staff(doc)
	check_contacted_at(doc, task)
	check_next_attempt(doc, task)
	check_satisfaction(doc)


def read_task(doc: FollowupLog) -> frappe._dict | None:
	"""The locked row of the log's task, which the person who writes the log must be allowed to see."""
	if not doc.task:
		return None
	if not doc.flags.ignore_permissions:
		frappe.get_doc(TASK, doc.task).check_permission("read")
	task = claims.lock(doc.task)
	if doc.patient and doc.patient != task.patient:
		_refuse(_("The task belongs to another patient, {0}.").format(task.patient_name))
	return task


def fill(doc: FollowupLog, task: frappe._dict | None) -> None:
	"""Patient, plan, department and company come from the task, else from the patient."""
	if task:
		doc.patient, doc.plan = task.patient, task.plan
		doc.department, doc.company = task.department, task.company
	elif not doc.department and not doc.company:
		doc.update(
			frappe.db.get_value("Follow-up Patient", doc.patient, ["department", "company"], as_dict=True)
		)
	doc.staff = doc.staff or frappe.session.user
	doc.late_entry = int(getdate(doc.contacted_at) < getdate(now_datetime()))
	if doc.outcome in OUTCOMES and OUTCOMES[doc.outcome].status != "Open":
		doc.next_attempt_at = None


def check_staff(doc: FollowupLog) -> None:
	"""People write down their own contacts; a supervisor may enter somebody else's."""
	if doc.staff != frappe.session.user and not claims.may_hand_out():
		_refuse(
			_("You can record your own contacts only. Ask a supervisor to enter those of {0}.").format(
				doc.staff
			)
		)


def check_contacted_at(doc: FollowupLog, task: frappe._dict | None) -> None:
	"""A contact lies in the past, and after the discharge that it follows."""
	when = get_datetime(doc.contacted_at)
	if when > now_datetime() + CLOCK_TOLERANCE:
		_refuse_time(
			_("Contacted At is {0}, which is still to come. Enter the time of the contact.").format(
				format_datetime(when)
			)
		)
	discharged = (
		task and task.discharge and frappe.db.get_value("Patient Discharge", task.discharge, "discharge_date")
	)
	if discharged and getdate(when) < getdate(discharged):
		_refuse_time(
			_("Contacted At is {0}, before the discharge on {1}. Check the date.").format(
				format_datetime(when), formatdate(discharged)
			)
		)


def check_next_attempt(doc: FollowupLog, task: frappe._dict | None) -> None:
	"""The next attempt comes after this one, and inside the window unless the patient asked for a later time."""
	if not doc.next_attempt_at:
		return
	at = get_datetime(doc.next_attempt_at)
	if at <= get_datetime(doc.contacted_at):
		_refuse_time(
			_("Call Again At is {0}, not after this contact. Choose a later time.").format(
				format_datetime(at)
			)
		)
	# Staff alone do not move a contact beyond its window.
	if doc.outcome in PROMISES or not task or not task.expires_on or getdate(at) <= getdate(task.expires_on):
		return
	_refuse_time(
		_(
			"The window of this contact ends on {0}. Choose an earlier time, or the outcome Callback Requested if the patient asked for {1}."
		).format(formatdate(task.expires_on), format_datetime(at))
	)


def check_satisfaction(doc: FollowupLog) -> None:
	"""Satisfaction is asked on a scale of 1 to 5; 0 means not asked."""
	if doc.satisfaction and not 1 <= doc.satisfaction <= 5:
		frappe.throw(
			_("Satisfaction is a number from 1 to 5, not {0}.").format(doc.satisfaction), InvalidValueError
		)


def require_outcome(doc: FollowupLog) -> None:
	"""A log is final only with an outcome."""
	if not doc.outcome:
		frappe.throw(
			_("Choose the outcome of this contact before submitting it."),
			InvalidValueError,
			title=_("Outcome Missing"),
		)


def _refuse(message: str) -> None:
	frappe.throw(message, LogError, title=_("Cannot be recorded"))


def _refuse_time(message: str) -> None:
	frappe.throw(message, InvalidPeriodError, title=_("Dates Do Not Fit"))
