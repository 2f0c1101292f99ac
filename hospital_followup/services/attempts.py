"""Where a task stands after its logs: the whole story is told again from the submitted logs each time.

Because the state is derived and never incremented, two logs at once, a late entry of an earlier attempt and the
cancelling of any log all end in the state that the remaining logs justify.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import frappe
from frappe.utils import get_datetime, get_time, getdate

from hospital_followup.channels.registry import usable_channels
from hospital_followup.engine.attempts import OUTCOMES, Attempt, CallRules, NextAttempt, next_attempt
from hospital_followup.engine.names import FALLBACK_ORDER
from hospital_followup.services import queries
from hospital_followup.services.configuration import Configuration
from hospital_followup.services.facts import agreed_and_refused

LOG = "Follow-up Log"
LOG_FIELDS = ("name", "outcome", "contacted_at", "channel", "contact_point", "direction", "next_attempt_at")
PATIENT_FIELDS = (
	"name",
	"status",
	"preferred_slot",
	"preferred_channel",
	"mobile",
	"mobile_status",
	"caregiver_mobile",
	"caregiver_mobile_status",
	"email",
	"wechat_openid",
	"home_address",
)


@dataclass(frozen=True, slots=True)
class Standing:
	"""What the submitted logs make of a task. `status` Open means: still to be done, at `next_attempt_at` or any time."""

	status: str
	status_reason: str | None
	attempts: int
	outcome: str | None
	last_attempt_at: datetime | None
	next_attempt_at: datetime | None
	contact_point: str
	channel: str
	completed_on: date | None = None
	late: bool = False


def submitted_logs(task: str) -> list[frappe._dict]:
	"""The submitted logs of a task in the order of the contacts, as committed. The task must be locked."""
	log = frappe.qb.DocType(LOG)
	return (
		frappe.qb.from_(log)
		.select(*[log[field] for field in LOG_FIELDS])
		.where((log.task == task) & (log.docstatus == 1))
		.orderby(log.contacted_at)
		.orderby(log.creation)
		.for_update()
		.run(as_dict=True)
	)


def standing(task, logs: Sequence[frappe._dict], now: datetime) -> Standing:
	"""What `logs` make of `task`, a row or document with its planned channel, contact point and window."""
	facts = {
		"attempts": sum(log.direction != "In" for log in logs),
		"outcome": logs[-1].outcome if logs else None,
		"last_attempt_at": logs[-1].contacted_at if logs else None,
		"next_attempt_at": None,
		"contact_point": planned_contact_point(task),
		"channel": task.planned_channel or task.channel,
	}
	for log in logs:
		if OUTCOMES[log.outcome].status == "Completed":
			day = getdate(log.contacted_at)
			facts.update(outcome=log.outcome, contact_point=log.contact_point, channel=task.channel)
			return Standing("Completed", None, completed_on=day, late=is_late(task, day), **facts)
	for log in logs:
		if OUTCOMES[log.outcome].status == "Skipped":
			facts["channel"] = task.channel
			return Standing("Skipped", OUTCOMES[log.outcome].status_reason, **facts)
	if not logs:
		return Standing("Open", None, **facts)
	upcoming = following(task, logs, now)
	facts.update(contact_point=upcoming.contact_point, channel=upcoming.channel)
	if upcoming.at is None and upcoming.reason == "lost_to_follow_up" and not promised(logs):
		return Standing("Missed", upcoming.reason, **facts)
	facts["next_attempt_at"] = promised(logs) or upcoming.at
	return Standing("Open", None, **facts)


def is_late(task, day: date) -> bool:
	"""Whether a contact on `day` came after the window that was planned, before any person moved its end."""
	end = task.planned_until or task.expires_on
	return bool(end and day > getdate(end))


def promised(logs: Sequence[frappe._dict]) -> datetime | None:
	"""The time that was agreed for the next attempt at the latest contact."""
	return get_datetime(logs[-1].next_attempt_at) if logs and logs[-1].next_attempt_at else None


def planned_contact_point(task) -> str:
	"""Whom the contact is planned with: the guardian of a patient under age, else the patient."""
	return task.planned_contact_point or task.contact_point or "Patient"


def following(task, logs: Sequence[frappe._dict], now: datetime) -> NextAttempt:
	"""Whom to try next and when. A guardian takes the patient's place; then nobody else stands in."""
	patient = frappe.db.get_value("Follow-up Patient", task.patient, PATIENT_FIELDS, as_dict=True)
	guardian = planned_contact_point(task) == "Caregiver"
	first = "Caregiver" if guardian else "Patient"
	tried = [
		Attempt(
			at=get_datetime(log.contacted_at),
			outcome=log.outcome,
			channel=log.channel,
			contact_point="Patient" if log.contact_point == first else "Caregiver",
		)
		for log in logs
	]
	answer = next_attempt(
		tried,
		now,
		getdate(task.expires_on) if task.expires_on else getdate(now),
		calendar=Configuration().calendar(task.department),
		rules=call_rules(),
		preferred_slot=patient.preferred_slot or None,
		has_caregiver=not guardian and caregiver_reachable(patient),
		channels=channels_to_try(task.planned_channel or task.channel, patient),
	)
	if guardian:
		return NextAttempt(answer.at, "Caregiver", answer.channel, answer.reason)
	return answer


def caregiver_reachable(patient: frappe._dict) -> bool:
	"""Whether a caregiver's number is known and not known to be dead."""
	return bool(patient.caregiver_mobile) and patient.caregiver_mobile_status not in (
		"Wrong Number",
		"Out of Service",
	)


def channels_to_try(planned: str, patient: frappe._dict) -> list[str]:
	"""The planned channel first, then what else reaches this patient, in the order of clinical.md §1."""
	given, refused = agreed_and_refused(queries.consents([patient.name]))
	usable = usable_channels(patient, frappe.get_cached_doc("Follow-up Settings"), consents=given) - refused
	return [planned, *(channel for channel in FALLBACK_ORDER if channel in usable and channel != planned)]


def call_rules() -> CallRules:
	"""Attempts, call hours and patients' slots as the administrator set them."""
	settings = frappe.get_cached_doc("Follow-up Settings")

	def span(prefix: str, suffix: str = "") -> tuple:
		return (get_time(settings.get(f"{prefix}_from")), get_time(settings.get(f"{prefix}_to")))

	return CallRules(
		attempts=settings.max_attempts,
		caregiver_attempts=settings.caregiver_attempts,
		spacing_hours=settings.spacing_hours,
		minimum_days=settings.attempt_days,
		call_hours=(span("morning_call"), span("afternoon_call")),
		slots={slot: span(f"slot_{slot.lower()}") for slot in ("Morning", "Afternoon", "Evening")},
	)
