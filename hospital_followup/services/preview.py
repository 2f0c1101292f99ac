"""What a change would do to a plan, shown before it is applied. Nothing is written here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import frappe
from frappe.utils import getdate, today

from hospital_followup.engine.decisions import Change
from hospital_followup.services.configuration import Configuration
from hospital_followup.services.decision import Decision, decide
from hospital_followup.services.snapshot import read_discharges

#: Contact fields that a difference shows.
SHOWN = ("due_date", "opens_on", "expires_on", "channel", "role", "topics")
#: What planning again also writes, but nobody would call a change of the plan.
UNSEEN = frozenset({"sequence", "reasons", "sources", "script", "questionnaire"})


def preview_discharge(name: str, draft: Mapping[str, Any] | None = None) -> dict[str, Any]:
	"""What saving `draft` of the discharge `name` would do; without `draft`, what planning it again would do.

	Returns decision, reason, risk_tier and `changes`: a list of {action: create, move, reopen, cancel or keep,
	due_date, opens_on, expires_on, channel, role, topics, old_due_date, old_topics, reason}, by due date.
	"""
	(item,) = read_discharges([name], lock=False, drafts={name: _checked(name, draft) if draft else {}})
	newest = () if draft else None
	return as_shown(decide(item, Configuration(), getdate(today()), newest=newest))


def _checked(name: str, draft: Mapping[str, Any]) -> Mapping[str, Any]:
	"""The draft as saving would tidy it; what saving would refuse is refused here, with the same sentence."""
	doc = frappe.get_doc("Patient Discharge", name)
	doc.update(draft)
	doc.validate()
	return doc.as_dict()


def preview_override(discharge: str, risk_tier: str) -> dict[str, Any]:
	"""What a clinician's override to `risk_tier` would do to the discharge's plan; shaped like `preview_discharge`."""
	(item,) = read_discharges([discharge], lock=False)
	item.override = {"name": None, "risk_tier": risk_tier}
	return as_shown(decide(item, Configuration(), getdate(today())))


def as_shown(decision: Decision) -> dict[str, Any]:
	"""The difference that a decision makes to a plan, as the dialogs show it (see `preview_discharge`)."""
	difference = decision.diff
	changes = [_row("create", contact) for contact in difference.create]
	moved = [change for change in difference.move if not UNSEEN.issuperset(change.fields)]
	changes += [_moved("move", change) for change in moved]
	changes += [_moved("reopen", change) for change in difference.reopen]
	changes += [_row("cancel", item.task, reason=item.reason) for item in difference.cancel]
	kept = [*difference.keep, *(change.task for change in difference.move if change not in moved)]
	changes += [_row("keep", task, status=task.status) for task in kept]
	return {
		"decision": decision.decision,
		"reason": decision.reason,
		"risk_tier": decision.tier.risk_tier,
		"changed": bool(difference.create or moved or difference.reopen or difference.cancel),
		"changes": sorted(changes, key=lambda row: (row["due_date"], row["action"])),
	}


def _moved(action: str, change: Change) -> dict[str, Any]:
	task = change.task
	before = {"old_due_date": task.due_date, "old_channel": task.channel, "old_topics": task.topics}
	return _row(action, change.contact, fields=list(change.fields), **before)


def _row(action: str, contact: object, **more: Any) -> dict[str, Any]:
	return {"action": action, **{name: getattr(contact, name) for name in SHOWN}, **more}
