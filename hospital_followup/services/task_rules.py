"""What a person may change in a task by saving it: in the form, a kanban drag, a bulk edit, the list or REST.

Everything ends in `Document.save`, so this is the one gate. The services change tasks under
`flags.followup_service`; for them the transitions are checked where they know the cause.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe import _
from frappe.utils import formatdate, get_fullname, getdate, today

from hospital_followup.engine import transitions
from hospital_followup.exceptions import InvalidPeriodError, RescheduleError, TaskTransitionError
from hospital_followup.services import claims
from hospital_followup.services.tasks import TASK, UNCLAIMED, priority_of

if TYPE_CHECKING:
	from hospital_followup.hospital_followup.doctype.follow_up_task.follow_up_task import FollowupTask

#: What planning decides. A person moves dates by Reschedule, with a reason.
PLANNED_FIELDS = ("patient", "plan", "discharge", "kind", "sequence", "key", "anchor_date", "step_id")
WINDOW_FIELDS = ("due_date", "opens_on", "expires_on")
#: What jobs and logs write without touching `modified`, behind an open form: the form's copy may be old, so the
#: stored value always wins.
KEPT_FIELDS = (
	"priority",
	"attempts",
	"last_attempt_at",
	"next_attempt_at",
	"next_attempt_reasons",
	"reminded_for",
	"visit_order",
	"visit_day",
	"call_id",
	"outcome",
	"completed_on",
	"late_completion",
	"claimed_by",
	"claimed_until",
	"on_hold",
	"pinned",
	"planned_until",
	"planned_channel",
	"planned_contact_point",
	"before_joining",
	"cancelled_on",
	"status_before_cancel",
	"risk_tier",
	"reasons",
	"company",
	"department",
)


def check_saved_by_hand(doc: FollowupTask) -> None:
	"""Keep to the rules for a new or changed task that a person saves."""
	before = doc.get_doc_before_save()
	if before is None:
		start(doc)
		return
	keep_what_services_own(doc, before)
	check_planning_fields(doc, before)
	check_owner(doc, before)
	check_status(doc, before)


def start(doc: FollowupTask) -> None:
	"""A task entered by hand begins Open or Scheduled, with a window that makes sense."""
	doc.opens_on = doc.opens_on or doc.due_date
	check_window(doc)
	if doc.status not in ("Scheduled", "Open"):
		frappe.throw(
			_("A new task is Scheduled or Open, not {0}.").format(_(doc.status, context=TASK)),
			TaskTransitionError,
			title=_("Not possible"),
		)
	doc.status = "Scheduled" if getdate(doc.opens_on) > getdate(today()) else "Open"
	patient = frappe.db.get_value(
		"Follow-up Patient", doc.patient, ["company", "department", "risk_tier"], as_dict=True
	)
	for field in ("company", "department", "risk_tier"):
		doc.set(field, doc.get(field) or patient.get(field))
	doc.priority = priority_of(doc, getdate(today()))


def check_window(doc: FollowupTask) -> None:
	"""Opens ≤ due ≤ expires; without an end the task does not expire."""
	if getdate(doc.opens_on) > getdate(doc.due_date):
		frappe.throw(
			_("The task opens on {0}, after it is due on {1}.").format(
				formatdate(doc.opens_on), formatdate(doc.due_date)
			),
			InvalidPeriodError,
			title=_("Dates in the wrong order"),
		)
	if doc.expires_on and getdate(doc.expires_on) < getdate(doc.due_date):
		frappe.throw(
			_("The task expires on {0}, before it is due on {1}.").format(
				formatdate(doc.expires_on), formatdate(doc.due_date)
			),
			InvalidPeriodError,
			title=_("Dates in the wrong order"),
		)


def keep_what_services_own(doc: FollowupTask, before: FollowupTask) -> None:
	"""Take the stored value of every field that only services write, whatever an old form says."""
	for field in KEPT_FIELDS:
		doc.set(field, before.get(field))


def check_planning_fields(doc: FollowupTask, before: FollowupTask) -> None:
	"""Planning decides whose contact this is and when; a person moves the day by Reschedule."""
	for field in WINDOW_FIELDS:
		if doc.has_value_changed(field):
			frappe.throw(
				_("{0} is planned. Use Reschedule, which asks for the reason.").format(
					_(doc.meta.get_label(field), context=TASK)
				),
				RescheduleError,
				title=_("Cannot be moved"),
			)
	for field in PLANNED_FIELDS:
		if doc.has_value_changed(field):
			frappe.throw(
				_("{0} of a task cannot be changed.").format(_(doc.meta.get_label(field), context=TASK)),
				TaskTransitionError,
				title=_("Not possible"),
			)


def check_owner(doc: FollowupTask, before: FollowupTask) -> None:
	"""Work is handed out by supervisors; an old form of anybody else keeps the stored owner."""
	if not claims.may_hand_out():
		doc.assigned_to = before.assigned_to


def check_status(doc: FollowupTask, before: FollowupTask) -> None:
	"""Check a status that a person set against the table, and do what goes with it. Raises TaskTransitionError."""
	if doc.status == before.status:
		doc.status_reason = before.status_reason
		return
	refusal = refuse_status(doc, before)
	if refusal:
		frappe.throw(refusal, TaskTransitionError, title=_("Not possible"))
	if doc.status == "In Progress":
		claims.check_free(doc.patient)
		doc.claimed_by, doc.claimed_until = frappe.session.user, claims.lease_end()
		doc.assigned_to = doc.assigned_to or frappe.session.user
		return
	doc.update(UNCLAIMED)


def refuse_status(doc: FollowupTask, before: FollowupTask) -> str | None:
	"""Why a person may not set this status in this way, with the way to do it; None when it is fine."""
	if doc.status == "Completed":
		return how_to_complete()
	if doc.status == "Cancelled":
		return _(
			"Contacts are cancelled by their plan. Stop or pause the plan, or skip this contact with a reason."
		)
	if before.status in ("Completed", "Missed", "Skipped", "Cancelled"):
		return how_to_reopen(before)
	if not transitions.allowed(transitions.TASK, before.status, doc.status):
		return _("A task that is {0} cannot become {1}.").format(
			_(before.status, context=TASK), _(doc.status, context=TASK)
		)
	if doc.status == "Skipped" and (not doc.status_reason or doc.status_reason == before.status_reason):
		return _("A contact is skipped with a reason. Open the task and use Skip.")
	if doc.status == "Missed" and not (doc.expires_on and getdate(doc.expires_on) < getdate(today())):
		return _("A contact is missed when its window ends, on {0}. Skip it with a reason instead.").format(
			formatdate(doc.expires_on) if doc.expires_on else "–"
		)
	if before.status == "Scheduled" and doc.opens_on and getdate(doc.opens_on) > getdate(today()):
		return _("This contact opens on {0}. Use Reschedule to make it earlier.").format(
			formatdate(doc.opens_on)
		)
	if doc.status == "Scheduled":
		return _("Use Reschedule to put this contact off; it asks for the day and the reason.")
	if doc.status == "Open" and claims.is_held(before) and not _may_release(before):
		return _(
			"{0} is on the phone with this patient. Only {0} or a supervisor can release the task."
		).format(get_fullname(before.claimed_by))
	return None


def _may_release(before: FollowupTask) -> bool:
	return before.claimed_by == frappe.session.user or claims.may_hand_out()


def how_to_complete() -> str:
	"""The sentence that tells how a contact is completed."""
	return _("A contact is completed by recording it. Open the task, choose Log Attempt and the outcome.")


def how_to_reopen(before: FollowupTask) -> str:
	"""The sentence that tells how a closed contact is opened again."""
	if before.status == "Cancelled":
		return _("This contact was cancelled. Resume or restore its plan to bring it back.")
	if before.status == "Missed":
		return _("This contact was missed. Record it with the time it was made: choose Log Attempt.")
	if before.status == "Skipped" and before.status_reason != "declined":
		return _("This contact was skipped. Open the task and use Take Back Skip.")
	return _(
		"This contact is closed by its log. A supervisor can cancel the log, which opens the contact again."
	)
