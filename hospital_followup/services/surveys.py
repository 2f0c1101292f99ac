"""Asking how satisfied a patient is, after a contact: by the settings, on the own page, never too often."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import frappe
from frappe.utils import cint, get_datetime, now_datetime

from hospital_followup.channels.registry import registered
from hospital_followup.engine.ports import Channel
from hospital_followup.services import messages, patient_pages
from hospital_followup.services.failures import code_of
from hospital_followup.services.messages import Wanted
from hospital_followup.services.patient_pages import PAGE, PATIENT
from hospital_followup.services.retry import has_lost_transaction, is_conflict

if TYPE_CHECKING:
	from hospital_followup.hospital_followup.doctype.follow_up_log.follow_up_log import FollowupLog

LOG = "Follow-up Log"
TASK = "Follow-up Task"
OCCASION = "Survey Invitation"
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

	In the log's transaction. A contact is recorded whatever becomes of the invitation.
	"""
	settings = frappe.get_cached_doc("Follow-up Settings")
	if not settings.survey_after_contact or not _is_occasion(log):
		return
	frappe.db.savepoint("followup_survey")
	try:
		_invite(log, settings)
	except Exception as error:
		if has_lost_transaction(error) or is_conflict(error):
			raise
		frappe.db.rollback(save_point="followup_survey")
		frappe.clear_last_message()
		frappe.logger("hospital_followup").error("survey after %s: %s", log.name, code_of(error))
	else:
		frappe.db.release_savepoint("followup_survey")


def _is_occasion(log: FollowupLog) -> bool:
	if log.outcome not in REACHED or cint(log.satisfaction):
		return False
	return get_datetime(log.contacted_at) > now_datetime() - FRESH


def _invite(log: FollowupLog, settings: Any) -> None:
	channels = list(_channels(log.patient, settings))
	if not channels or _is_about_an_alert(log.task) or _asked_lately(log, settings):
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


def _asked_lately(log: FollowupLog, settings: Any) -> bool:
	"""Whether the patient was asked within the days of the settings, on a page or in a call. Locks the patient."""
	frappe.db.get_value(PATIENT, log.patient, "name", for_update=True)
	since = now_datetime() - timedelta(days=settings.survey_every_days or EVERY_DAYS)
	page, call = frappe.qb.DocType(PAGE), frappe.qb.DocType(LOG)
	pages = frappe.qb.from_(page).select(page.name).limit(1).for_update()
	pages = pages.where(
		(page.patient == log.patient) & (page.asks_satisfaction == 1) & (page.creation > since)
	)
	calls = frappe.qb.from_(call).select(call.name).limit(1)
	calls = calls.where((call.patient == log.patient) & (call.docstatus == 1) & (call.satisfaction > 0))
	return bool(pages.run() or calls.where(call.contacted_at > since).run())


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
		purpose="Survey",
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
