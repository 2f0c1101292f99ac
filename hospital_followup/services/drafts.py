"""The one draft Follow-up Log of a task: what a caller has written down so far, before the outcome is known.

A unique key keeps it to one. The task must be locked (`claims.lock`) before anything here is called.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import frappe
from frappe import _
from frappe.utils import get_datetime, get_fullname, now_datetime, time_diff_in_seconds

from hospital_followup.engine.attempts import OUTCOMES
from hospital_followup.exceptions import ConcurrentWriteError
from hospital_followup.services.retry import unseen_duplicates

if TYPE_CHECKING:
	from hospital_followup.hospital_followup.doctype.follow_up_log.follow_up_log import FollowupLog

LOG = "Follow-up Log"


def find(task: str) -> FollowupLog | None:
	"""The task's draft as it is now, its row locked; None when nobody has written anything yet.

	Raises ConcurrentWriteError when this transaction began before somebody else's last change: it would read old
	answers. Trying again reads them.
	"""
	name = frappe.db.get_value(LOG, {"draft_of": task}, "name")
	if not name:
		return None
	doc = frappe.get_doc(LOG, name)
	stored = frappe.db.get_value(LOG, name, ["modified", "draft_of"], as_dict=True, for_update=True)
	if not stored or not stored.draft_of or get_datetime(stored.modified) != get_datetime(doc.modified):
		raise ConcurrentWriteError(_("The same record is being written elsewhere. Please try again."))
	return doc


def new(task: frappe._dict) -> FollowupLog:
	"""An unsaved log of the task, written by the session's user from now on."""
	now = now_datetime().replace(microsecond=0)
	return frappe.new_doc(
		LOG,
		task=task.name,
		patient=task.patient,
		channel=task.channel,
		contact_point=task.contact_point or "Patient",
		staff=frappe.session.user,
		contacted_at=now,
		started_at=now,
	)


def take_over(doc: FollowupLog) -> None:
	"""Make a draft that somebody else left the session's user's own; the log says from whom it came."""
	user = frappe.session.user
	if doc.staff == user and doc.owner == user:
		return
	former = doc.staff
	doc.owner = doc.staff = user
	frappe.db.set_value(LOG, doc.name, {"owner": user, "staff": user}, update_modified=False)
	if former != user:
		doc.add_comment("Info", _("Taken over from {0}").format(get_fullname(former)))


def resume(doc: FollowupLog) -> None:
	"""Count the time spent anew from now, and keep what earlier sittings took."""
	pause(doc, until=get_datetime(doc.modified))
	doc.started_at = doc.contacted_at = now_datetime().replace(microsecond=0)


def pause(doc: FollowupLog, until: datetime | None = None) -> None:
	"""End the sitting at `until` (now): its time is added to the time spent."""
	doc.duration_seconds = spent(doc, until)
	doc.started_at = None


def spent(doc: FollowupLog, until: datetime | None = None) -> int:
	"""Seconds spent on the call in all sittings, the running one counted until `until` (now)."""
	earlier = doc.duration_seconds or 0
	if not doc.started_at:
		return earlier
	return earlier + max(0, int(time_diff_in_seconds(until or now_datetime(), doc.started_at)))


def store(doc: FollowupLog) -> None:
	"""Save the draft; autosaves leave no versions, what changed in an alarming answer stands on its alert."""
	if doc.is_new():
		with unseen_duplicates():
			doc.insert()
	else:
		doc.save(ignore_version=True)


def submit(
	doc: FollowupLog,
	outcome: str,
	*,
	contacted_at: datetime | str | None = None,
	next_attempt_at: datetime | str | None = None,
	held: bool = False,
	**details: Any,
) -> str:
	"""Make a log final; returns its name. `held`: the session's user holds the patient, the call goes on until now."""
	now = now_datetime().replace(microsecond=0)
	if doc.is_new():
		doc.started_at = None
	continued = is_filled(doc) and doc.staff == frappe.session.user
	if not (continued or (held and doc.started_at)):
		doc.contacted_at = now
	doc.duration_seconds = spent(doc, None if held or doc.is_new() else get_datetime(doc.modified))
	doc.update({field: value for field, value in details.items() if value})
	if outcome in OUTCOMES and OUTCOMES[outcome].fix_number:
		# Noted before the number turned out to be of no use: nobody was there to promise it.
		doc.next_attempt_at = None
	doc.update(
		{
			"outcome": outcome,
			"contacted_at": contacted_at or doc.contacted_at,
			"next_attempt_at": next_attempt_at or doc.next_attempt_at,
			"sequences": None,
		}
	)
	if doc.is_new():
		doc.docstatus = 1
		doc.insert()
	else:
		take_over(doc)
		doc.submit()
	return doc.name


def is_filled(doc: FollowupLog | None) -> bool:
	"""Whether a caller has written anything into the draft."""
	return bool(doc and doc.last_sequence)
