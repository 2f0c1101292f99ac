"""What somebody reports at a contact and what therefore stops at once: death, a readmission, a move to another hospital."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe import _
from frappe.utils import formatdate

from hospital_followup.engine.attempts import OUTCOMES
from hospital_followup.exceptions import LogError
from hospital_followup.services import patient_stops, patients, plans, tasks
from hospital_followup.services.tasks import TASK
from hospital_followup.services.writer import set_values

if TYPE_CHECKING:
	from hospital_followup.hospital_followup.doctype.follow_up_log.follow_up_log import FollowupLog

PATIENT = "Follow-up Patient"
#: Not `transferred`: that is planning's own word for the discharge's disposition, and planning takes it back by itself.
MOVED_AWAY = "moved_away"


def reason_of(doc: FollowupLog) -> str | None:
	"""Why the log stops the patient's plans; None when they go on."""
	return OUTCOMES[doc.outcome].stops_plan or (MOVED_AWAY if doc.moved_away else None)


def check_moved_away(doc: FollowupLog) -> None:
	"""Raise LogError when nobody was reached who could have said that the patient moved to another hospital."""
	effect = OUTCOMES.get(doc.outcome)
	if not doc.moved_away or effect is None or (effect.reached and not effect.stops_plan):
		return
	frappe.throw(
		_("{0} can be noted only when somebody was reached. The outcome says {1}.").format(
			_("Moved to Another Hospital"), _(doc.outcome)
		),
		LogError,
		title=_("Cannot be recorded"),
	)


def stop(doc: FollowupLog, reason: str) -> bool:
	"""Stop what the patient's death, readmission or move stops; False when it had been stopped before."""
	if reason == "deceased":
		if frappe.db.get_value(PATIENT, doc.patient, "status", for_update=True) == "Deceased":
			return False
		patients.mark_deceased(doc.patient)
		told = _("Reported at the follow-up contact of {0}").format(formatdate(doc.contacted_at))
		set_values(PATIENT, [doc.patient], {"status_reason": told})
		return True
	if reason == MOVED_AWAY:
		return bool(patient_stops.stop_patient(doc.patient, reason))
	stopped = [plans.stop(plan, reason) for plan in open_plans(doc.patient)]
	if doc.task and not doc.plan:
		tasks.cancel_tasks([doc.task], reason)
		return True
	return any(stopped)


def take_back(doc: FollowupLog, reason: str) -> None:
	"""Bring back what the log `doc` stopped for `reason`."""
	if reason == "deceased":
		set_values(PATIENT, [doc.patient], {"status_reason": None})
		patients.unmark_deceased(doc.patient)
	else:
		patient_stops.restore_patient(doc.patient, reason, since=doc.creation)
	patient_stops.resume_paused(doc.patient, reason)
	if doc.task and frappe.db.get_value(TASK, doc.task, "status_reason") == reason:
		tasks.reopen_tasks([doc.task])


def open_plans(patient: str) -> list[str]:
	"""The patient's plans that still want work done, in the order in which they are locked."""
	return frappe.get_all(
		plans.PLAN,
		filters={"patient": patient, "status": ("in", plans.OPEN_PLANS)},
		pluck="name",
		order_by="name",
	)
