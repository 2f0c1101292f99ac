"""Planning again when a plan has begun: what is done stays done, what is late comes today (rules.md, Planning again)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from hospital_followup.engine.calendar import Calendar
from hospital_followup.engine.decisions import ExistingTask
from hospital_followup.engine.draft import Draft
from hospital_followup.engine.merge import carry
from hospital_followup.engine.names import DONE_STATUSES, OPEN_STATUSES
from hospital_followup.engine.schedule import on_working_day

_OF_THE_DATE = frozenset(
	{"moved_working_day", "kept_on_closed_day", "merged", "capped", "late_discharge"}
	| {"rescheduled", "brought_forward"}
)


@dataclass(frozen=True, slots=True)
class Outstanding:
	"""`raw`: contacts still to be dated. `fixed`: contacts that keep their task's date. `taken`: completed days."""

	raw: tuple[Draft, ...]
	fixed: tuple[Draft, ...]
	taken: tuple[date, ...]


def outstanding(
	raw: Iterable[Draft],
	existing: Sequence[ExistingTask],
	plan_key: str,
	calendar: Calendar,
	today: date | None,
) -> Outstanding:
	"""Take away what is done and what keeps its date; bring what is late to today, and leave out what is over."""
	waiting = _not_done(raw, existing, plan_key)
	rows = {task.key for task in existing}
	fixed = []
	taken = [_completed_day(task) for task in existing if task.status == "Completed"]
	for task in existing:
		members = {key: waiting[key] for key in covered(task) if key in waiting}
		if task.status not in OPEN_STATUSES or not members:
			continue
		if is_over(task, today):
			if task.key not in members:
				continue  # what it was made for is no longer wanted; what it carried besides has its own window
			# Its window has passed: the job that marks it Missed has the last word, nothing is made anew.
			taken.append(task.due_date)
			for key in members:
				del waiting[key]
			continue
		# A task whose own contact is no longer wanted goes on for what it carries besides (replan.diff).
		first = next(iter(members))
		own = members[first]
		overdue = today is not None and any(first_day(draft, calendar) < today for draft in members.values())
		# A day chosen by hand stays with the task; a contact that has a task of its own, closed before, goes back to it.
		goes_on = first == task.key or first not in rows
		chosen = (task.pinned and goes_on) or task.status == "In Progress"
		if chosen or (overdue and own.covers(task.due_date)):
			others = [draft for key, draft in members.items() if key != first]
			kept = _keep_date(own, others, task, chosen)
			if today is not None and kept.end < today:
				continue  # other rules by now, whose window has passed: what can still be made is dated anew
			fixed.append(kept)
			for key in members:
				del waiting[key]
	late = (draft if today is None else _from_today(draft, today) for draft in waiting.values())
	return Outstanding(
		raw=tuple(draft for draft in late if draft is not None),
		fixed=tuple(fixed),
		taken=tuple(taken),
	)


def is_over(task: ExistingTask, today: date | None) -> bool:
	"""Done, or its window has passed: planning does not touch it any more."""
	if task.status in OPEN_STATUSES:
		return today is not None and task.expires_on < today
	return task.status in DONE_STATUSES


def covered(task: ExistingTask) -> tuple[str, ...]:
	"""The keys of all contacts that this task stands for, its own first."""
	return (task.key, *(key for key in task.covers if key != task.key))


def _not_done(raw: Iterable[Draft], existing: Sequence[ExistingTask], plan_key: str) -> dict[str, Draft]:
	"""By key. A contact is done when its task is, or when the same step was completed inside the contact's interval
	under another anchor (the date of the discharge was corrected, or a raised tier began anew).

	A task that was missed and whose own contact is no longer wanted says nothing about what it carried besides: that
	has its own window, as long as the task was open and after it."""
	drafts = {draft.origins[0].key(plan_key): draft for draft in raw}
	done = [task for task in existing if task.status in DONE_STATUSES]
	ended = [task for task in done if task.status != "Missed" or task.key in drafts]
	keys = {key for task in ended for key in covered(task)}
	steps: dict[str, list[date]] = {}
	for task in done:
		if task.status == "Completed":
			for key in covered(task):
				steps.setdefault(_without_anchor(key), []).append(_completed_day(task))
	waiting = {}
	for key, draft in drafts.items():
		made = steps.get(_without_anchor(key), ())
		if key not in keys and not any(draft.covers(day) for day in made):
			waiting[key] = draft
	return waiting


def _without_anchor(key: str) -> str:
	return key.rpartition("|")[0]


def first_day(draft: Draft, calendar: Calendar) -> date:
	"""The earlier of the contact's raw day and the working day that it would be made on."""
	return min(draft.raw, on_working_day(draft, calendar).due)


def _keep_date(own: Draft, others: Sequence[Draft], task: ExistingTask, chosen: bool) -> Draft:
	kept = carry(
		replace(
			own,
			due=task.due_date,
			end=max(own.end, task.due_date),
			held=True,
			reasons=frozenset(task.reasons) & _OF_THE_DATE,
		),
		others,
	)
	# Whoever moved the date may have given the task a later end as well; nobody's call ends under the caller's hand.
	return replace(kept, end=max(task.expires_on, task.due_date)) if chosen else kept


def _from_today(draft: Draft, today: date) -> Draft | None:
	if draft.end < today:
		return None
	if draft.raw < today:
		late = draft.reasons | {"late_discharge"}
		return replace(draft, due=today, start=max(draft.start, today), reasons=late)
	return replace(draft, start=max(draft.start, today))


def _completed_day(task: ExistingTask) -> date:
	day = task.completed_on or task.due_date
	return day.date() if isinstance(day, datetime) else day
