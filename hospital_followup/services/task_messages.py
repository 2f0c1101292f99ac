"""The messages that make contacts: one for each open contact on a channel that writes by itself, with the patient's page.

What is due is an open contact without its message, whatever became of the run that should have written it. A contact
whose message cannot be written, or did not go out, goes on by another way (`taking_over`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

import frappe
from frappe.query_builder.functions import Coalesce
from frappe.utils import getdate
from pypika.terms import ExistsCriterion

from hospital_followup.channels.registry import registered
from hospital_followup.engine.outbox import LOST, UNRESOLVED
from hospital_followup.services import messages, patient_pages, questionnaires, surveys, taking_over
from hospital_followup.services.answers import SATISFACTION
from hospital_followup.services.attempts import CONTACT, MESSAGE, PROGRAMME_CONTACT
from hospital_followup.services.call_context import contexts_of
from hospital_followup.services.messages import ALIVE, Wanted
from hospital_followup.services.questionnaires import choose_questionnaires
from hospital_followup.services.retry_rules import take_over_by
from hospital_followup.services.tasks import PLAN, TASK

PATIENT = "Follow-up Patient"
#: A message that has not gone out by then makes room for a person.
PATIENCE = timedelta(days=2)


def to_write(now: datetime) -> list[str]:
	"""Open contacts on a channel that writes by itself that have no message on it, and none on its way on another."""
	task, message = frappe.qb.DocType(TASK), frappe.qb.DocType(MESSAGE)
	written = (
		frappe.qb.from_(message)
		.select(message.name)
		.where((message.task == task.name) & (message.occasion == CONTACT))
		.where(message.status.isin(ALIVE) | (message.channel == task.channel))
	)
	return _automatic(task, now).where(ExistsCriterion(written).negate()).run(pluck=True)


def write(names: Sequence[str], now: datetime) -> int:
	"""Write the messages of these contacts; returns how many were written or went on by another way."""
	rows = frappe.get_all(TASK, filters={"name": ("in", list(names))}, fields=["*"], order_by="name")
	refused: dict[str, str] = {}
	pages: dict[str, dict[str, Any]] = {}
	ends: dict[str, datetime] = {}
	rating, asked = surveys.contacts_to_rate(rows), choose_questionnaires(contexts_of(rows))
	for row in rows:
		questionnaire = asked[row.name]
		until = give_up_at(row, now)
		if not questionnaire or until <= now:
			refused[row.name] = "expired" if questionnaire else "no_questionnaire"
			continue
		pages[row.name] = _page(row, questionnaire, rated=row.name in rating)
		ends[row.name] = until
	made = patient_pages.make_all(list(pages.values()))
	programmes = _programmes_among(rows)
	wanted = {
		row.name: _wanted(row, made[pages[row.name]["key"]], now, ends[row.name], row.plan in programmes)
		for row in rows
		if row.name in pages
	}
	written = messages.write(list(wanted.values()))
	refused |= {
		name: reason for name, item in wanted.items() if (reason := written[item.key].reason) is not None
	}
	_drop([made[pages[name]["key"]] for name in refused if name in pages])
	taken = sum(taking_over.take_over(name, reason) for name, reason in sorted(refused.items()))
	return len(wanted.keys() - refused.keys()) + taken


def to_take_over(now: datetime) -> list[str]:
	"""Open contacts whose message on their channel is lost, or will stay uncertain."""
	task, message = frappe.qb.DocType(TASK), frappe.qb.DocType(MESSAGE)
	return _lost(task, message, now).run(pluck=True)


def take_over(names: Sequence[str], now: datetime) -> int:
	"""Go on by another way with those of `names` whose message is lost; returns how many.

	A message that nobody can tell anything about may have arrived, so that a person calls and no other channel writes.
	"""
	task, message = frappe.qb.DocType(TASK), frappe.qb.DocType(MESSAGE)
	query = _lost(task, message, now).select(message.name.as_("message"), message.status)
	rows = query.select(message.status_reason).where(task.name.isin(list(names) or [""])).run(as_dict=True)
	taken = 0
	for row in rows:
		go_on = taking_over.hand_over if row.status == "Uncertain" else taking_over.take_over
		if go_on(row.name, reason_of(row)):
			frappe.db.set_value(MESSAGE, row.message, "call_task", row.name, update_modified=False)
			taken += 1
	return taken


def reason_of(message: frappe._dict) -> str:
	"""Why a contact goes on without this lost message."""
	if message.status == "Suppressed":
		return message.status_reason or "message_withdrawn"
	return {"Uncertain": "message_uncertain", "Failed": "message_failed"}.get(
		message.status, "message_too_late"
	)


def give_up_at(task: Any, now: datetime) -> datetime:
	"""When a person takes over a message that did not go out: soon enough to call inside the window."""
	until = now + PATIENCE
	if not task.expires_on:
		return until
	return min(until, take_over_by(getdate(task.expires_on)))


def _automatic(task: Any, now: datetime) -> Any:
	"""Names of the contacts that a message is to make now: of active plans and of patients who may be contacted."""
	plan, patient = frappe.qb.DocType(PLAN), frappe.qb.DocType(PATIENT)
	channels = sorted(name for name, channel in registered().items() if channel.automatic)
	return (
		frappe.qb.from_(task)
		.join(patient)
		.on(patient.name == task.patient)
		.left_join(plan)
		.on(plan.name == task.plan)
		.select(task.name)
		.where((task.status == "Open") & task.channel.isin(channels or [""]) & (task.on_hold == 0))
		.where(task.kind.isin(("Planned", "Callback")))
		.where((Coalesce(task.plan, "") == "") | (plan.status == "Active"))
		.where((patient.status == "Active") & (task.next_attempt_at.isnull() | (task.next_attempt_at <= now)))
		.where(task.expires_on.isnull() | (task.expires_on >= now.date()))
		.orderby(task.name)
	)


def _lost(task: Any, message: Any, now: datetime) -> Any:
	other = frappe.qb.DocType(MESSAGE).as_("other_message")
	alive = (
		frappe.qb.from_(other)
		.select(other.name)
		.where((other.task == task.name) & (other.occasion == CONTACT))
		.where(other.status.isin(ALIVE) & _unresolved(other).negate())
	)
	return (
		_automatic(task, now)
		.join(message)
		.on((message.task == task.name) & (message.occasion == CONTACT))
		.where(((message.channel == task.channel) & message.status.isin(LOST)) | _unresolved(message))
		.where(ExistsCriterion(alive).negate())
	)


def _unresolved(message: Any) -> Any:
	return (message.status == "Uncertain") & (Coalesce(message.status_reason, "") == UNRESOLVED)


def _page(task: frappe._dict, questionnaire: str, *, rated: bool) -> dict[str, Any]:
	"""The page on which the patient answers, and rates the contact unless the questionnaire asks for it; it closes with
	the window."""
	asked_anyway = SATISFACTION in questionnaires.load(questionnaire).by_code
	closes = {"expires_at": datetime.combine(getdate(task.expires_on), time.max)} if task.expires_on else {}
	return {
		"patient": task.patient,
		"key": f"task|{task.name}",
		"task": task.name,
		"plan": task.plan,
		"questionnaire": questionnaire,
		"channel": task.channel,
		"asks_satisfaction": int(rated and not asked_anyway),
		"department": task.department,
		"company": task.company,
		**closes,
	}


def _drop(pages: Sequence[str]) -> None:
	"""Pages that nobody was told of."""
	page, message = frappe.qb.DocType(patient_pages.PAGE), frappe.qb.DocType(MESSAGE)
	told = frappe.qb.from_(message).select(message.name).where(message.survey == page.name)
	if pages:
		unused = page.name.isin(list(pages)) & (page.status == "Sent") & ExistsCriterion(told).negate()
		frappe.qb.from_(page).delete().where(unused).run()


def _programmes_among(tasks: Sequence[frappe._dict]) -> frozenset[str]:
	"""Those of the plans of `tasks` that belong to a programme."""
	plans = sorted({row.plan for row in tasks if row.plan})
	filters = {"name": ("in", plans), "purpose": "Programme"}
	return frozenset(frappe.get_all(PLAN, filters=filters, pluck="name", order_by="name") if plans else ())


def _wanted(task: frappe._dict, page: str, now: datetime, until: datetime, programme: bool) -> Wanted:
	return Wanted(
		key=f"task|{task.name}|{task.channel}",
		patient=task.patient,
		channel=task.channel,
		purpose="Clinical",
		occasion=CONTACT,
		worded_for=PROGRAMME_CONTACT if programme else None,
		send_after=now,
		expires_at=until,
		task=task.name,
		plan=task.plan,
		survey=page,
		department=task.department,
		company=task.company,
	)
