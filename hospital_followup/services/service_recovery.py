"""Service recovery: a patient who says on the own page to be dissatisfied is called, and the call answers the alert."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING

import frappe
from frappe.utils import getdate, now_datetime

from hospital_followup.services import alert_course, alert_tasks, coming_calls, page_calls
from hospital_followup.services.alerts import ALERT
from hospital_followup.services.tasks import TASK
from hospital_followup.services.writer import set_values

if TYPE_CHECKING:
	from hospital_followup.hospital_followup.doctype.follow_up_survey.follow_up_survey import FollowupSurvey

REASON = "service_recovery"
PATIENT = "Follow-up Patient"


def begin(page: FollowupSurvey) -> str | None:
	"""Have the patient called about the alert on satisfaction that the page has raised; the call, None when there is none.

	Whoever is called for another reason anyway is not called twice, and whoever is not to be contacted is not called.
	"""
	settings = frappe.get_cached_doc("Follow-up Settings")
	alert = settings.call_dissatisfied and _alert_of(page)
	if not alert or frappe.db.get_value(PATIENT, page.patient, "status") != "Active" or _is_called(page):
		return None
	task = alert_tasks.have_told(alert_course.lock(alert), None)
	set_values(TASK, [task], {"reasons": REASON})
	return task


def _alert_of(page: FollowupSurvey) -> str | None:
	causes = [page.name, *([page.log] if page.log else [])]
	rows = frappe.get_all(
		ALERT,
		filters={"patient": page.patient, "kind": "Satisfaction", "status": ("in", alert_course.UNANSWERED)},
		fields=["name", "survey", "log"],
		order_by="creation desc",
	)
	return next((row.name for row in rows if row.survey in causes or row.log in causes), None)


def _is_called(page: FollowupSurvey) -> bool:
	"""Whether a person calls anyway, today or when call hours begin again: asked for, or because the self-report needs it."""
	now = now_datetime()
	zone = frappe.db.get_value(PATIENT, page.patient, "time_zone")
	day, _until = page_calls.next_call_hours(page.department, now, zone)
	until = datetime.combine(max(getdate(day), getdate(now)), time.max)
	return bool(coming_calls.coming(page.patient, until, contact=page.task, lock=True))
