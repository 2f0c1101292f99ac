"""A patient who feels unwell and asks on the own page to be called: the call, the alert, and when it will come."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import frappe
from frappe import _
from frappe.utils import get_system_timezone, getdate, now_datetime

from hospital_followup.engine.attempt_times import choose_time
from hospital_followup.engine.calendar import Calendar
from hospital_followup.engine.names import DOCTOR, SPECIALIST
from hospital_followup.exceptions import ConcurrentWriteError
from hospital_followup.services import assignment, claims, coming_calls, log_alarms, loose_tasks, spoken
from hospital_followup.services.configuration import Configuration
from hospital_followup.services.retry_rules import call_rules
from hospital_followup.services.tasks import TASK

if TYPE_CHECKING:
	from hospital_followup.hospital_followup.doctype.follow_up_survey.follow_up_survey import FollowupSurvey

#: A day with call hours is looked for this far ahead.
HORIZON = timedelta(days=14)
#: Days after the promised one on which the call may still be made.
DAYS_TO_CALL = 2
PATIENT_FIELDS = ("patient_name", "date_of_birth", "risk_tier", "department", "company", "time_zone")


def ask_for_call(page: FollowupSurvey) -> str:
	"""Make one call of the next call hours for the patient who feels unwell, and sound the alarm; returns the call's name.

	Asking again while that call is coming changes nothing; one that was put off meanwhile is brought forward, and alarms
	again. The page must be locked.
	"""
	now = now_datetime()
	patient = frappe.db.get_value(claims.PATIENT, page.patient, PATIENT_FIELDS, as_dict=True)
	until = datetime.combine(*next_call_hours(page.department, now, patient.time_zone))
	page.wants_call = 1
	page.call_asked_on = page.call_asked_on or now
	name, put_off = coming_calls.coming(page.patient, until, lock=True), None
	if name is None and (late := coming_calls.bring_forward(page.patient, until)):
		name, put_off = late.name, late.next_attempt_at
	name = name or _insert_call(page, patient, until.date())
	log_alarms.sound_call(page, name, put_off)
	return name


def calls_until(page: FollowupSurvey, language: str, now: datetime | None = None) -> str | None:
	"""When the hospital will call, as a sentence: the end of the next stretch of call hours, never a promise of minutes.

	None when no call is coming by then any more: it was made, or tried in vain, and the patient can ask again.
	"""
	day, clock = next_call_hours(
		page.department, now or now_datetime(), frappe.db.get_value(claims.PATIENT, page.patient, "time_zone")
	)
	if not coming_calls.coming(page.patient, datetime.combine(day, clock)):
		return None
	today = getdate(now or now_datetime())
	hour = clock.strftime("%H:%M")
	if day == today:
		return _("We will call you today, by {0} at the latest.", language).format(hour)
	if day == today + timedelta(days=1):
		return _("We will call you tomorrow, by {0} at the latest.", language).format(hour)
	return _("We will call you on {0}, by {1} at the latest.", language).format(
		spoken.day(day, today, language), hour
	)


def next_call_hours(department: str | None, now: datetime, zone: str | None) -> tuple[Any, time]:
	"""The day of the next call hours from `now` on, and when that stretch of them ends, on the hospital's clock."""
	rules = call_rules()
	site = ZoneInfo(get_system_timezone())
	calendar: Calendar = Configuration().calendar(department)
	# Less than an hour is too short to promise anything.
	begin = now + timedelta(hours=1)
	at, _why = choose_time(
		[],
		begin.replace(tzinfo=site),
		(now + HORIZON).date(),
		calendar=calendar,
		rules=rules,
		limit=1,
		days=1,
		zone=ZoneInfo(zone) if zone else None,
	)
	at = at or begin
	ends = [end for start, end in rules.call_hours if start <= at.time() < end]
	return at.date(), ends[0] if ends else rules.call_hours[-1][1]


def _insert_call(page: FollowupSurvey, patient: frappe._dict, day: Any) -> str:
	"""It belongs to no plan: a plan that is over or paused must not keep it from being made, nor from being missed."""
	fields = ["discharge", "planned_contact_point", "contact_point"]
	cause = page.task and frappe.db.get_value(TASK, page.task, fields, as_dict=True)
	cause = cause or frappe._dict(discharge=_discharge_of(page.plan))
	today = getdate(now_datetime())
	asked_for = cause.planned_contact_point or cause.contact_point
	task = {
		"key": f"call|{page.name}|{frappe.db.count(TASK, {'key': ('like', f'call|{page.name}|%')}) + 1}",
		"kind": "Callback",
		"patient": page.patient,
		"patient_name": patient.patient_name,
		"discharge": cause.discharge,
		"contact_point": asked_for or loose_tasks.contact_point(patient.date_of_birth, today),
		"department": page.department or patient.department,
		"company": page.company or patient.company,
		"risk_tier": patient.risk_tier or "Medium",
		"role": DOCTOR if patient.risk_tier == "High" else SPECIALIST,
		"channel": "Phone",
		"status": "Open",
		"reasons": coming_calls.ASKED,
		"due_date": day,
		"opens_on": today,
		"expires_on": day + timedelta(days=DAYS_TO_CALL),
	}
	name = loose_tasks.insert(task, today)
	if name is None:
		raise ConcurrentWriteError(_("The same record is being written elsewhere. Please try again."))
	assignment.assign([name], today)
	return name


def _discharge_of(plan: str | None) -> str | None:
	return plan and frappe.db.get_value("Follow-up Plan", plan, "discharge")
