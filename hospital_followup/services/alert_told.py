"""How a patient gets the doctor's answer: a caller is asked to tell it, or the doctor has told it."""

from __future__ import annotations

from datetime import datetime

import frappe
from frappe import _
from frappe.utils import escape_html, format_datetime, now_datetime

from hospital_followup.exceptions import AlertError, InvalidPeriodError
from hospital_followup.services import alert_course as course
from hospital_followup.services import alert_tasks, logs
from hospital_followup.services.alert_actions import remark
from hospital_followup.services.alert_answers import answered

LOG = "Follow-up Log"
REACHED = ("Reached Patient", "Reached Caregiver")
#: An answer is read out on the phone.
ANSWER_LENGTH = 2_000


def have_patient_told(alert: str, answer: str, assigned_to: str | None = None) -> str:
	"""Write the doctor's answer and have one call made that tells it; returns the call's Follow-up Task.

	A call that is still to be made carries the new answer. Raises AlertError when the patient knows already or cannot
	be called, AssignmentError when `assigned_to` takes no contacts.
	"""
	words = _answer(answer)
	row = course.lock_as_seen(alert)
	_check_tellable(row)
	_check_callable(row.patient)
	course.move(row, "In Progress", answer_to_patient=words)
	task = alert_tasks.have_told(row, assigned_to)
	remark(alert, _("The patient is to be told: {0}").format(escape_html(words)))
	return task


def patient_was_told(
	alert: str,
	answer: str,
	*,
	channel: str = "Phone",
	contacted_at: datetime | None = None,
	notes: str | None = None,
	outcome: str = "Reached Patient",
) -> str:
	"""Record that the session's user has told the patient; returns the Follow-up Log, which answers the alert.

	A call that was still to be made for it is completed by this log.
	"""
	words = _answer(answer)
	if outcome not in REACHED:
		frappe.throw(
			_("The patient was told only when somebody was reached."), AlertError, title=_("Not possible")
		)
	row = course.lock_as_seen(alert)
	_check_tellable(row)
	_check_time(row, contacted_at)
	course.move(row, "In Progress", answer_to_patient=words)
	details = {"contacted_at": contacted_at, "channel": channel, "notes": notes, "identity_verified": 1}
	task = alert_tasks.open_task_of(alert)
	if task:
		return logs.log_attempt(task.name, outcome, **details)
	log = frappe.get_doc(
		{
			"doctype": LOG,
			"patient": row.patient,
			"outcome": outcome,
			"staff": frappe.session.user,
			**details,
			"contacted_at": contacted_at or now_datetime().replace(microsecond=0),
			"department": row.department,
			"company": row.company,
		}
	)
	log.insert()
	log.submit()
	answered(row, log)
	return log.name


def _answer(text: str) -> str:
	words = (text or "").strip()
	if not words:
		_refuse(_("Write down what the patient is to be told."))
	if len(words) > ANSWER_LENGTH:
		_refuse(_("Keep the answer to {0} characters; it has {1}.").format(ANSWER_LENGTH, len(words)))
	return words


def _check_tellable(row: frappe._dict) -> None:
	if row.status in course.ANSWERED:
		_refuse(_("The patient has got an answer already. Reopen the alert to give another one."))
	if frappe.db.get_value("Follow-up Patient", row.patient, "status") == "Deceased":
		_refuse(_("The patient has died. Close the alert with that reason."))


def _check_callable(patient: str) -> None:
	if frappe.db.get_value("Follow-up Patient", patient, "status") == "Do Not Contact":
		_refuse(
			_(
				"The patient is not to be contacted, so no call can be arranged. Speak to the patient yourself."
			)
		)


def _check_time(row: frappe._dict, contacted_at: datetime | None) -> None:
	if contacted_at and contacted_at < row.raised_on:
		frappe.throw(
			_("The patient was told at {0}, before the alert was raised at {1}. Check the time.").format(
				format_datetime(contacted_at), format_datetime(row.raised_on)
			),
			InvalidPeriodError,
			title=_("Dates Do Not Fit"),
		)


def _refuse(message: str) -> None:
	frappe.throw(message, AlertError, title=_("Not possible"))
