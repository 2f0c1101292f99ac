"""Which status may follow which, and because of what; controllers and tests read the same tables (rules.md)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Transition:
	source: str
	target: str
	causes: frozenset[str]


def _rows(sources: Iterable[str], target: str, *causes: str) -> tuple[Transition, ...]:
	return tuple(Transition(source, target, frozenset(causes)) for source in sources)


_WAITING = ("Scheduled", "Open", "In Progress")

# Causes: `log` a submitted log, `log_cancelled`, `claim`, `lease_ended`, `window` the calendar opens or closes it,
# `person` somebody with a reason, `planning` re-plan, stop, pause, exclusion and their undoing, `self_report` the
# patient's own complete and unremarkable answers, `attempts_used_up`, `no_reply`, `number_corrected` a dead number was
# put right while the window is open.
TASK: tuple[Transition, ...] = (
	*_rows(("Scheduled",), "Open", "window", "planning"),
	*_rows(("Open",), "Scheduled", "planning", "person"),
	*_rows(("Scheduled", "Open"), "In Progress", "claim", "log"),
	*_rows(("In Progress",), "Open", "lease_ended", "log", "claim", "planning"),
	*_rows(("In Progress",), "Scheduled", "planning", "person"),
	*_rows(_WAITING, "Completed", "log", "self_report"),
	*_rows(_WAITING, "Skipped", "log", "person"),
	*_rows(_WAITING, "Missed", "window", "attempts_used_up", "no_reply"),
	*_rows(_WAITING, "Cancelled", "planning", "log"),
	*_rows(("Missed",), "Completed", "log"),
	*_rows(("Cancelled",), "Scheduled", "planning", "log_cancelled"),
	*_rows(("Cancelled",), "Open", "planning", "log_cancelled"),
	*_rows(("Completed", "Missed"), "Scheduled", "log_cancelled"),
	*_rows(("Completed",), "Open", "log_cancelled"),
	*_rows(("Missed",), "Open", "log_cancelled", "number_corrected"),
	*_rows(("Skipped",), "Scheduled", "log_cancelled", "person"),
	*_rows(("Skipped",), "Open", "log_cancelled", "person"),
	*_rows(("Completed",), "Missed", "log_cancelled"),
)

# Causes: `approval`, `person`, `event` death, readmission, transfer, withdrawal, `undo`, `finished` no task is left
# undone, `planning` planning again found more to do, or the discharge is no longer one to plan for, `log_cancelled`.
# A paused plan is completed when it is resumed; what ended a completed plan is undone by way of Active.
PLAN: tuple[Transition, ...] = (
	*_rows(("Draft",), "Active", "approval", "person"),
	*_rows(("Active",), "Paused", "person", "event"),
	*_rows(("Paused",), "Active", "person", "event"),
	*_rows(("Active",), "Completed", "finished"),
	*_rows(("Draft", "Active", "Paused"), "Stopped", "person", "event", "planning"),
	*_rows(("Completed",), "Stopped", "planning"),
	*_rows(("Stopped",), "Draft", "undo"),
	*_rows(("Stopped",), "Active", "undo"),
	*_rows(("Stopped",), "Paused", "undo"),
	*_rows(("Completed",), "Active", "planning", "log_cancelled"),
)

# Acknowledge, act, answer the patient, close; a step may be left out, and a closed alert may be taken up again.
_ALERT_STEPS = ("Open", "Acknowledged", "In Progress", "Answered", "Closed")
ALERT: tuple[Transition, ...] = (
	*(
		Transition(source, target, frozenset({"person"}))
		for place, source in enumerate(_ALERT_STEPS)
		for target in _ALERT_STEPS[place + 1 :]
	),
	*_rows(("Answered", "Closed"), "In Progress", "person"),
)

# Causes: `dispatcher` claims, decides, asks again, `answer` of the provider, `receipt`, `lease_ended`, `person` settles
# what nobody knows. Nothing leads from Sending or Uncertain back to Queued but an answer that says "not accepted".
MESSAGE: tuple[Transition, ...] = (
	*_rows(("Queued",), "Sending", "dispatcher"),
	*_rows(("Queued",), "Expired", "dispatcher"),
	*_rows(("Queued",), "Suppressed", "dispatcher", "person"),
	*_rows(("Sending",), "Sent", "answer"),
	*_rows(("Sending",), "Queued", "answer"),
	*_rows(("Sending",), "Failed", "answer", "receipt"),
	*_rows(("Sending",), "Uncertain", "answer", "lease_ended"),
	*_rows(("Queued", "Sending", "Sent", "Uncertain", "Failed"), "Delivered", "receipt"),
	*_rows(("Sent",), "Failed", "receipt"),
	*_rows(("Uncertain",), "Queued", "answer"),
	*_rows(("Uncertain",), "Sent", "answer", "person"),
	*_rows(("Uncertain",), "Failed", "answer", "receipt", "person"),
)


def allowed(table: tuple[Transition, ...], source: str, target: str, cause: str | None = None) -> bool:
	"""Whether `source` may become `target` (because of `cause`, when one is given). Staying is always allowed."""
	if source == target:
		return True
	return any(
		row.source == source and row.target == target and (cause is None or cause in row.causes)
		for row in table
	)
