"""What a patient can ask for on the own page beside answering: to be called, and to be left alone."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import frappe
from frappe import _
from frappe.utils import get_system_timezone, getdate, now_datetime

from hospital_followup.engine.attempt_times import choose_time
from hospital_followup.engine.calendar import Calendar
from hospital_followup.engine.names import DOCTOR, OPEN_STATUSES, SPECIALIST
from hospital_followup.services import alerts, assignment, claims, consents, spoken, tasks
from hospital_followup.services.configuration import Configuration
from hospital_followup.services.retry_rules import call_rules
from hospital_followup.services.tasks import TASK

if TYPE_CHECKING:
	from hospital_followup.hospital_followup.doctype.follow_up_survey.follow_up_survey import FollowupSurvey

#: A day with call hours is looked for this far ahead.
HORIZON = timedelta(days=14)


def ask_for_call(page: FollowupSurvey) -> str:
	"""Make one call of the day for the patient who feels unwell, and raise an alert; returns the name of the call.

	Asking again while that call is open changes nothing. The page must be locked.
	"""
	existing = frappe.db.get_value(
		TASK,
		{"patient": page.patient, "kind": "Callback", "status": ("in", sorted(OPEN_STATUSES))},
		"name",
		order_by="creation desc",
	)
	page.wants_call = 1
	page.call_asked_on = page.call_asked_on or now_datetime()
	name = existing or _insert_call(page)
	alerts.raise_alert(
		kind="Clinical",
		severity="Amber",
		patient=page.patient,
		task=name,
		survey=page.name,
		detail=_("The patient feels unwell and asks to be called.", _hospital_language()),
		key=f"call|{name}",
	)
	return name


def calls_until(page: FollowupSurvey, language: str, now: datetime | None = None) -> str:
	"""When the hospital will call, as a sentence: the end of the next stretch of call hours, never a promise of minutes."""
	day, clock = next_call_hours(page.department, now or now_datetime(), _zone_of(page.patient))
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


def stop_contact(page: FollowupSurvey) -> None:
	"""Withdraw every consent of the patient, for every purpose: as easy as it was to give."""
	consents.withdraw(page.patient, evidence=_("On the own page, {0}").format(page.name))


def _insert_call(page: FollowupSurvey) -> str:
	cause = page.task and frappe.db.get_value(
		TASK, page.task, ["plan", "discharge", "planned_contact_point", "contact_point"], as_dict=True
	)
	cause = cause or frappe._dict(plan=page.plan)
	patient = frappe.db.get_value(
		claims.PATIENT, page.patient, ["risk_tier", "department", "company"], as_dict=True
	)
	day, _until = next_call_hours(page.department, now_datetime(), _zone_of(page.patient))
	count = frappe.db.count(TASK, {"patient": page.patient, "kind": "Callback"})
	doc = frappe.get_doc(
		{
			"doctype": TASK,
			"key": f"call|{page.name}|{count + 1}",
			"kind": "Callback",
			"patient": page.patient,
			"plan": cause.plan,
			"discharge": cause.discharge,
			"contact_point": cause.planned_contact_point or cause.contact_point or "Patient",
			"department": page.department or patient.department,
			"company": page.company or patient.company,
			"risk_tier": patient.risk_tier or "Medium",
			"role": DOCTOR if patient.risk_tier == "High" else SPECIALIST,
			"channel": "Phone",
			"status": "Open",
			"reasons": "patient_asked",
			"due_date": day,
			"opens_on": getdate(now_datetime()),
			"expires_on": day + timedelta(days=2),
		}
	)
	doc.priority = tasks.priority_of(doc, getdate(now_datetime()))
	doc.flags.followup_service = True
	doc.insert(ignore_permissions=True)  # reason: the token of the page is the patient's permission
	assignment.assign([doc.name], getdate(now_datetime()))
	return doc.name


def _zone_of(patient: str) -> str | None:
	return frappe.db.get_value(claims.PATIENT, patient, "time_zone")


def _hospital_language() -> str:
	settings = frappe.get_cached_doc("Follow-up Settings")
	return settings.default_language or frappe.get_system_settings("language") or "en"
