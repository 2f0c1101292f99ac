"""How urgent a task is: risk x lateness x reason, as a number that sorts."""

from __future__ import annotations

from datetime import date

_RISK = {"High": 3, "Medium": 2, "Low": 1}
_REASON = {"Alert": 9, "Callback": 3, "Revisit": 1, "Planned": 1}
_FIRST_CONTACT = 2
_NOT_YET, _TODAY, _OVERDUE, _LAST_DAY = 1, 2, 3, 4
LEAST_URGENT = max(_RISK.values()) * max(_REASON.values()) * _LAST_DAY


def priority(
	risk_tier: str, kind: str, due_date: date, expires_on: date, today: date, first_contact: bool = False
) -> int:
	"""1 is the most urgent, `LEAST_URGENT` the upper bound.

	`kind`: Planned, Callback, Alert or Revisit. A task on the last day of its window comes before one that is only
	overdue; a patient who asked for a call, or gave an alarming answer, before the routine. Unknown names count
	least, so that a new kind never hides behind an error.
	"""
	if today < due_date:
		lateness = _NOT_YET
	elif today >= expires_on:
		lateness = _LAST_DAY
	elif today > due_date:
		lateness = _OVERDUE
	else:
		lateness = _TODAY
	reason = _REASON.get(kind, 1)
	if first_contact:
		reason = max(reason, _FIRST_CONTACT)
	return LEAST_URGENT + 1 - _RISK.get(risk_tier, 1) * lateness * reason
