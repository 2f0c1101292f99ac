"""Where a task stands after its logs: the whole story is told again from the submitted logs each time.

Because the state is derived and never incremented, two logs at once, a late entry of an earlier attempt and the
cancelling of any log all end in the state that the remaining logs justify.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import frappe
from frappe.utils import get_datetime, get_system_timezone, getdate

from hospital_followup.channels.phone import DEAD_NUMBERS
from hospital_followup.channels.registry import usable_channels
from hospital_followup.engine.attempts import OUTCOMES, Attempt, NextAttempt, next_attempt
from hospital_followup.engine.names import CHANNELS, FALLBACK_ORDER, HUMAN_CHANNELS
from hospital_followup.services import queries
from hospital_followup.services.configuration import Configuration
from hospital_followup.services.facts import agreed_and_refused, split
from hospital_followup.services.retry_rules import call_rules

LOG = "Follow-up Log"
MESSAGE = "Follow-up Message"
#: The occasion of the message that is the contact itself, not one beside it.
CONTACT = "Scheduled Contact"
#: What its text is chosen for where the contact is a programme's: nobody came home from hospital.
PROGRAMME_CONTACT = "Programme Contact"
#: The occasion of the message that asks once more for the answer to it.
LAST_ASK = "Last Ask"
#: Reasons of a contact that was to be a message and could not be written (services/wording.py has the sentences).
REFUSED = frozenset(
	{"no_consent", "message_withdrawn", "no_address", "channel_disabled", "no_template", "no_provider"}
	| {"no_questionnaire", "no_page_address", "message_too_late"}
)
LOG_FIELDS = (
	"name",
	"creation",
	"outcome",
	"contacted_at",
	"channel",
	"contact_point",
	"direction",
	"next_attempt_at",
)
#: Outcomes at which the patient named the time.
PROMISES = ("Callback Requested", "Rescheduled")
#: The fields of a patient's record that say how things stand with a number, by whose number it is.
NUMBER_STATE = {
	"Patient": ("mobile_status", "mobile_changed_on"),
	"Caregiver": ("caregiver_mobile_status", "caregiver_mobile_changed_on"),
}
PATIENT_FIELDS = (
	"name",
	"status",
	"preferred_slot",
	"preferred_channel",
	"mobile",
	"mobile_status",
	"mobile_changed_on",
	"caregiver_mobile",
	"caregiver_mobile_status",
	"caregiver_mobile_changed_on",
	"time_zone",
	"date_of_birth",
	"email",
	"wechat_openid",
	"app_account",
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
	#: Reason codes of `next_attempt_at`, contact point and channel (services/wording.py has the sentences).
	why: tuple[str, ...] = ()


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
	written = channels_behind(task)
	facts = {
		"attempts": sum(log.direction != "In" for log in logs),
		"outcome": logs[-1].outcome if logs else None,
		"last_attempt_at": logs[-1].contacted_at if logs else None,
		"next_attempt_at": None,
		"contact_point": planned_contact_point(task),
		"channel": _channel_to_begin(task, written),
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
	agreed = promised(logs)
	facts["next_attempt_at"] = agreed or upcoming.at
	facts["why"] = (*upcoming.why_whom, why_agreed(logs[-1])) if agreed else upcoming.why
	return Standing("Open", None, **facts)


def is_late(task, day: date) -> bool:
	"""Whether a contact on `day` came after the window that was planned, before any person moved its end."""
	end = task.planned_until or task.expires_on
	return bool(end and day > getdate(end))


def promised(logs: Sequence[frappe._dict]) -> datetime | None:
	"""The time that was agreed for the next attempt at the latest contact."""
	return get_datetime(logs[-1].next_attempt_at) if logs and logs[-1].next_attempt_at else None


def why_agreed(log: frappe._dict) -> str:
	"""Whose time it is that was agreed: the patient's, or the caller's own choice."""
	return "promised" if log.outcome in PROMISES else "caller_chose"


def planned_contact_point(task) -> str:
	"""Whom the contact is planned with: the guardian of a patient under age, else the patient."""
	return task.planned_contact_point or task.contact_point or "Patient"


def following(task, logs: Sequence[frappe._dict], now: datetime) -> NextAttempt:
	"""Whom to try next and when. A guardian takes the patient's place; then nobody else stands in."""
	patient = frappe.db.get_value("Follow-up Patient", task.patient, PATIENT_FIELDS, as_dict=True)
	guardian = planned_contact_point(task) == "Caregiver"
	written = channels_behind(task)
	first, numbers = ("Caregiver", ("Caregiver",)) if guardian else ("Patient", ("Patient", "Caregiver"))
	site = ZoneInfo(get_system_timezone())
	tried = [
		Attempt(
			at=get_datetime(log.contacted_at).replace(tzinfo=site),
			outcome=log.outcome,
			channel=log.channel,
			contact_point="Patient" if log.contact_point == first else "Caregiver",
		)
		for log in logs
		if not of_former_number(log, patient)
	]
	answer = next_attempt(
		tried,
		now.replace(tzinfo=site),
		getdate(task.expires_on) if task.expires_on else getdate(now),
		calendar=Configuration().calendar(task.department),
		rules=call_rules(task.risk_tier),
		preferred_slot=patient.preferred_slot or None,
		has_caregiver=not guardian and caregiver_reachable(patient),
		channels=remaining(channels_to_try(task.planned_channel or task.channel, patient), written),
		dead=[
			("Patient" if whose == first else "Caregiver", "Phone")
			for whose in numbers
			if patient[NUMBER_STATE[whose][0]] in DEAD_NUMBERS
		],
		zone=ZoneInfo(patient.time_zone) if patient.time_zone else None,
	)
	at = answer.at.replace(tzinfo=None) if answer.at else None
	contact_point = "Caregiver" if guardian else answer.contact_point
	return replace(answer, at=at, contact_point=contact_point)


def of_former_number(log: frappe._dict, patient: frappe._dict) -> bool:
	"""Whether the call went to a number that has been corrected since: it says nothing about the new one."""
	changed_on = patient[NUMBER_STATE[log.contact_point or "Patient"][1]]
	if not changed_on or log.channel != "Phone":
		return False
	called, changed = get_datetime(log.contacted_at), changed_on.replace(microsecond=0)
	# Contacts are written down to the second; within it the order of the records decides.
	return called < changed or bool(called == changed and log.creation and log.creation < changed_on)


def caregiver_reachable(patient: frappe._dict) -> bool:
	"""Whether a caregiver's number is known and not known to be dead."""
	return bool(patient.caregiver_mobile) and patient.caregiver_mobile_status not in DEAD_NUMBERS


def channels_to_try(planned: str, patient: frappe._dict) -> list[str]:
	"""The planned channel first, then what else reaches this patient, in the order of clinical.md §1."""
	given, refused = agreed_and_refused(queries.consents([patient.name]))
	usable = usable_channels(patient, frappe.get_cached_doc("Follow-up Settings"), consents=given) - refused
	return [planned, *(channel for channel in FALLBACK_ORDER if channel in usable and channel != planned)]


def channels_written(task: str) -> frozenset[str]:
	"""Channels on which the contact has had its message. Whatever became of it, there is no second one on them."""
	return frozenset(
		frappe.get_all(
			MESSAGE, filters={"task": task, "occasion": CONTACT}, pluck="channel", order_by="creation, name"
		)
	)


def channels_behind(task) -> frozenset[str]:
	"""Channels that are of no use for the contact any more: written on, or all of them once no message could be written."""
	if REFUSED.intersection(split(task.get("reasons"))):
		return frozenset(CHANNELS) - HUMAN_CHANNELS
	return channels_written(task.name)


def remaining(channels: Sequence[str], written: Collection[str]) -> list[str]:
	"""Those of `channels` that are left to try; when none is, a person calls."""
	return [channel for channel in channels if channel not in written] or ["Phone"]


def _channel_to_begin(task, written: Collection[str]) -> str:
	"""The channel of a contact without attempts; one whose message led nowhere is a person's and stays so."""
	planned = task.planned_channel or task.channel
	return task.channel if planned in written and task.channel in HUMAN_CHANNELS else planned
