"""What a Follow-up Log must say, however it was entered; the rest is filled in from its task."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import frappe
from frappe import _
from frappe.utils import (
	format_datetime,
	formatdate,
	get_datetime,
	get_fullname,
	get_link_to_form,
	getdate,
	now_datetime,
)

from hospital_followup.engine.attempts import OUTCOMES
from hospital_followup.engine.names import TOPICS
from hospital_followup.exceptions import InvalidPeriodError, InvalidValueError, LogError
from hospital_followup.services import answers, claims, reported_stops
from hospital_followup.services.attempts import PROMISES
from hospital_followup.services.facts import split
from hospital_followup.services.strangers_words import plain_words
from hospital_followup.services.tasks import TASK

if TYPE_CHECKING:
	from hospital_followup.hospital_followup.doctype.follow_up_log.follow_up_log import FollowupLog

#: Clocks of two machines differ; what lies further ahead was mistyped.
CLOCK_TOLERANCE = timedelta(minutes=5)


def prepare(doc: FollowupLog) -> None:
	"""Lock and read the task, fill in what follows from it, and check the rest. Raises a FollowupError that says what is wrong."""
	task = read_task(doc)
	fill(doc, task)
	keep_words_plain(doc)
	keep_call(doc)
	keep_one_draft(doc)
	check_staff(doc)
	check_contacted_at(doc, task)
	check_next_attempt(doc, task)
	check_satisfaction(doc)
	answers.read(doc)
	summarise_advice(doc)
	reported_stops.check_moved_away(doc)


def keep_words_plain(doc: FollowupLog) -> None:
	"""What a patient has written by own hand is not cleaned by Frappe, because such a log is submitted as it is inserted."""
	if doc.direction == "In":
		doc.patient_feedback = doc.patient_feedback and plain_words(doc.patient_feedback)
		for row in doc.answers:
			row.value = row.value and plain_words(row.value)


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


def keep_call(doc: FollowupLog) -> None:
	"""Which call it was, and whether it stopped a plan, the system alone says; a recording is a web address."""
	before = doc.get_doc_before_save() or {}
	doc.update({field: before.get(field) for field in ("call_id", "stopped_plan")})
	if doc.recording_url and urlsplit(doc.recording_url).scheme not in ("https", "http"):
		frappe.throw(
			_("The address of a recording begins with https:// or http://."),
			InvalidValueError,
			title=_("Please Check the Address"),
		)


def keep_one_draft(doc: FollowupLog) -> None:
	"""A contact has one draft, which the unique `draft_of` keeps; a log that is amended stands beside it."""
	doc.draft_of = doc.task if doc.task and not doc.docstatus and not doc.amended_from else None
	if not doc.is_new() or not doc.draft_of:
		return
	other = frappe.db.get_value(doc.doctype, {"draft_of": doc.draft_of}, ["name", "staff"], as_dict=True)
	if other:
		_refuse(
			_("{0} has begun to write this contact down: go on in {1}.").format(
				get_fullname(other.staff), get_link_to_form(doc.doctype, other.name)
			)
		)


def check_staff(doc: FollowupLog) -> None:
	"""People write down their own contacts; a supervisor may enter somebody else's, and what others have begun."""
	before = doc.get_doc_before_save()
	others = {doc.staff, before.staff if before else doc.staff} - {frappe.session.user}
	if others and not claims.may_hand_out():
		_refuse(
			_("You can record your own contacts only. Ask a supervisor to enter those of {0}.").format(
				others.pop()
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
	if not doc.next_attempt_at or not doc.outcome:
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


def summarise_advice(doc: FollowupLog) -> None:
	"""The advice that was given, in words as well, and the topics that it covered."""
	if not doc.docstatus or not doc.guidance:
		return
	doc.guidance_given = doc.guidance_given or "\n".join(row.title or row.content for row in doc.guidance)
	covered = {row.topic for row in doc.guidance} | set(split(doc.topics_covered))
	doc.topics_covered = ", ".join(topic for topic in TOPICS if topic in covered)


def check_final(doc: FollowupLog) -> None:
	"""A log is final only with an outcome, and with what was said going together with it."""
	require_outcome(doc)
	check_conversation(doc)
	answers.check_all_asked(doc)


def check_conversation(doc: FollowupLog) -> None:
	"""Health matters are told to the right person only (clinical.md §5), and only to somebody who was reached."""
	if not (doc.answers or doc.guidance or doc.guidance_given):
		return
	reached = OUTCOMES[doc.outcome].reached
	if reached and not doc.identity_verified and doc.outcome != "Replied":
		_refuse(
			_(
				"Answers or advice were noted, but not who was on the phone. Confirm two facts with the person and tick {0}."
			).format(frappe.bold(_("Identity Confirmed")))
		)
	if not reached and not doc.incomplete_reason:
		_refuse(
			_(
				"Answers or advice were noted, but the outcome says that nobody was reached. Choose another outcome, or give the reason under {0}."
			).format(frappe.bold(_("Why Incomplete")))
		)


def require_outcome(doc: FollowupLog) -> None:
	"""Raise InvalidValueError for a log without an outcome."""
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
