"""What planning again changes, as a difference by key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from hospital_followup.engine.decisions import Cancellation, Change, Contact, ExistingTask, PlanDiff
from hospital_followup.engine.names import DONE_STATUSES, OPEN_STATUSES, REASONS
from hospital_followup.engine.progress import covered

_COMPARED = (
	"sequence",
	"due_date",
	"opens_on",
	"expires_on",
	"channel",
	"role",
	"topics",
	"script",
	"questionnaire",
)


def diff(
	existing: Iterable[ExistingTask], contacts: Iterable[Contact], today: date | None = None
) -> PlanDiff:
	"""Done tasks stay, open ones move, cancelled ones open again, surplus ones are cancelled with a reason.

	With `today`, an open task whose window has passed is left to the job that marks it Missed. A task goes on as a
	contact of another key when that has no task of its own and carries what the task was made for: what comes to a
	merged contact or leaves it takes nobody's work away.
	"""
	existing = tuple(existing)
	wanted = {contact.key: contact for contact in contacts}
	heirs = _heirs(existing, wanted, today)
	carried = {origin.key(_plan_key(contact)) for contact in wanted.values() for origin in contact.origins}
	create = dict(wanted)
	move, reopen, keep, cancel = [], [], [], []
	for task in existing:
		contact = create.pop(heirs.get(task.key, task.key), None)
		if task.status in DONE_STATUSES:
			keep.append(task)
		elif contact is not None:
			fields = _differences(task, contact)
			if task.status not in OPEN_STATUSES:
				reopen.append(Change(task, contact, fields))
			elif fields:
				move.append(Change(task, contact, fields))
			else:
				keep.append(task)
		elif task.status in OPEN_STATUSES:
			if today is not None and task.expires_on < today:
				keep.append(task)
			else:
				cancel.append(Cancellation(task, "merged" if task.key in carried else "replanned"))
	return PlanDiff(tuple(create.values()), tuple(move), tuple(reopen), tuple(keep), tuple(cancel))


def _heirs(
	existing: Sequence[ExistingTask], wanted: Mapping[str, Contact], today: date | None
) -> dict[str, str]:
	"""By key of a task: the contact as which it goes on. A contact of several origins takes the task of the first."""
	taken = {task.key for task in existing}
	free = [contact for key, contact in wanted.items() if key not in taken]
	if not free:
		return {}
	left: dict[str, str] = {}
	for task in existing:
		over = today is not None and task.expires_on < today
		if task.status in OPEN_STATUSES and task.key not in wanted and not over:
			left |= dict.fromkeys(covered(task), task.key)
	heirs: dict[str, str] = {}
	for contact in free:
		tasks = (left.get(origin.key(_plan_key(contact))) for origin in contact.origins)
		first = next((task for task in tasks if task and task not in heirs), None)
		if first:
			heirs[first] = contact.key
	return heirs


def _differences(task: ExistingTask, contact: Contact) -> tuple[str, ...]:
	fields = [name for name in _COMPARED if (getattr(task, name) or None) != (getattr(contact, name) or None)]
	# The site keeps other notes beside the engine's reasons, and lists sources in the order of the contacts.
	if {reason for reason in task.reasons if reason in REASONS} != set(contact.reasons):
		fields.append("reasons")
	if (
		task.key != contact.key
		or set(task.sources) != set(contact.sources)
		or not _covers_the_same(task, contact)
	):
		fields.append("sources")
	return tuple(fields)


def _covers_the_same(task: ExistingTask, contact: Contact) -> bool:
	return set(covered(task)) == {origin.key(_plan_key(contact)) for origin in contact.origins}


def _plan_key(contact: Contact) -> str:
	return contact.key.removesuffix(contact.origins[0].key(""))
