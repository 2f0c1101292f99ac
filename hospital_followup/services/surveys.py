"""Asking how satisfied a patient is: by the settings, on the own page, never too often.

After a call that reached somebody by a message of its own; in a contact by message on the page of that contact.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import frappe
from frappe.utils import cint, get_datetime, now_datetime
from pypika.terms import ExistsCriterion

from hospital_followup.channels.registry import registered
from hospital_followup.engine.outbox import LOST
from hospital_followup.engine.ports import Channel
from hospital_followup.services import consents, messages, patient_pages
from hospital_followup.services.messages import ALIVE, MESSAGE, Wanted
from hospital_followup.services.patient_pages import PAGE, PATIENT

if TYPE_CHECKING:
	from hospital_followup.hospital_followup.doctype.follow_up_log.follow_up_log import FollowupLog

LOG = "Follow-up Log"
TASK = "Follow-up Task"
OCCASION, PURPOSE = "Survey Invitation", "Survey"
REACHED = ("Reached Patient", "Reached Caregiver")
#: Which of the channels comes first, after the one that the patient prefers.
ORDER = ("WeChat", "SMS", "Email", "App Push")
#: Somebody who has just hung up is left alone for a while.
PAUSE = timedelta(hours=2)
#: A contact that was recorded later than this is no occasion any more, and an invitation that waits so long is not sent.
FRESH = timedelta(days=3)
#: Days between two surveys of one patient where the settings say nothing.
EVERY_DAYS = 30


def invite_after(log: FollowupLog) -> None:
	"""Invite the patient whom the submitted `log` reached to say how satisfied they are, if it is time to ask.

	In the log's transaction, beside it: a contact is recorded whatever becomes of the invitation.
	"""
	settings = frappe.get_cached_doc("Follow-up Settings")
	if settings.survey_after_contact and _is_occasion(log):
		_invite(log, settings)


def contacts_to_rate(contacts: Sequence[frappe._dict]) -> set[str]:
	"""Those of `contacts` by message whose page also asks for satisfaction: one for each patient whom it is time to ask.

	Whoever refused surveys is not asked, though the message itself is clinical.
	"""
	settings = frappe.get_cached_doc("Follow-up Settings")
	if not settings.survey_after_contact:
		return set()
	patients = {contact.patient for contact in contacts}
	asked, agreed = _asked_lately(patients, settings), consents.standing_of(patients, PURPOSE)
	chosen: dict[str, str] = {}
	for contact in contacts:
		said = agreed[contact.patient].get(contact.channel)
		may_ask = settings.messages_without_consent if said is None else said
		if may_ask and contact.patient not in asked:
			chosen.setdefault(contact.patient, contact.name)
	return set(chosen.values())


def _is_occasion(log: FollowupLog) -> bool:
	if log.outcome not in REACHED or cint(log.satisfaction):
		return False
	return get_datetime(log.contacted_at) > now_datetime() - FRESH


def _invite(log: FollowupLog, settings: Any) -> None:
	channels = list(_channels(log.patient, settings))
	if not channels or _is_about_an_alert(log.task):
		return
	frappe.db.get_value(PATIENT, log.patient, "name", for_update=True)
	if _asked_lately([log.patient], settings, lock=True):
		return
	now = now_datetime().replace(microsecond=0)
	for channel in channels:
		if _written(log, channel, now):
			return


def _channels(patient: str, settings: Any) -> Iterator[str]:
	"""The channels on which a message could reach the patient now."""
	automatic: dict[str, Channel] = {name: each for name, each in registered().items() if each.automatic}
	if not automatic:
		return
	row = frappe.db.get_value(PATIENT, patient, "*", as_dict=True)
	switched_off = {line.channel for line in settings.channels if not line.enabled}
	for name in dict.fromkeys((row.preferred_channel, *ORDER)):
		channel = automatic.get(name)
		if channel and name not in switched_off and channel.available() and channel.address_of(row):
			yield name


def _is_about_an_alert(task: str | None) -> bool:
	"""Whoever has just been told a doctor's answer to an alarm is not asked for marks."""
	return bool(task) and frappe.db.get_value(TASK, task, "kind") == "Alert"


def _asked_lately(patients: Collection[str], settings: Any, *, lock: bool = False) -> set[str]:
	"""Those of `patients` who were asked within the days of the settings, on a page or in a call.

	A page of which nobody was told does not count: its messages are lost and it was never opened.
	"""
	since = now_datetime() - timedelta(days=settings.survey_every_days or EVERY_DAYS)
	page, call = frappe.qb.DocType(PAGE), frappe.qb.DocType(LOG)
	wanted = sorted(patients) or [""]
	untold = _has_message(page, LOST) & _has_message(page, ALIVE).negate()
	pages = (
		frappe.qb.from_(page)
		.select(page.patient)
		.where(page.patient.isin(wanted) & (page.asks_satisfaction == 1) & (page.creation > since))
		.where(page.opened_on.isnotnull() | page.answered_on.isnotnull() | untold.negate())
	)
	calls = frappe.qb.from_(call).select(call.patient)
	calls = calls.where(call.patient.isin(wanted) & (call.docstatus == 1) & (call.satisfaction > 0))
	in_calls = calls.where(call.contacted_at > since).run(pluck=True)
	return {*(pages.for_update() if lock else pages).run(pluck=True), *in_calls}


def _has_message(page: Any, statuses: Sequence[str]) -> ExistsCriterion:
	message = frappe.qb.DocType(MESSAGE)
	told = frappe.qb.from_(message).select(message.name)
	return ExistsCriterion(told.where((message.survey == page.name) & message.status.isin(statuses)))


def _written(log: FollowupLog, channel: str, now: datetime) -> bool:
	"""Whether the invitation on `channel` waits to be sent now; when it may not be, nothing is left of it."""
	frappe.db.savepoint("followup_invitation")
	place = {"department": log.department, "company": log.company}
	page = patient_pages.make(
		log.patient,
		key=f"survey|{log.name}",
		task=log.task,
		plan=log.plan,
		channel=channel,
		asks_satisfaction=1,
		**place,
	)
	key = f"survey|{log.name}|{channel}"
	wanted = Wanted(
		key=key,
		patient=log.patient,
		channel=channel,
		purpose=PURPOSE,
		occasion=OCCASION,
		send_after=now + PAUSE,
		expires_at=now + FRESH,
		plan=log.plan,
		survey=page,
		language=frappe.db.get_value(PAGE, page, "language"),
		**place,
	)
	if messages.write([wanted])[key].name:
		return True
	frappe.db.rollback(save_point="followup_invitation")
	return False
