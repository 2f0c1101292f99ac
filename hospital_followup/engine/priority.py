"""How urgent a task is: risk x lateness x reason, as a number that sorts."""

from __future__ import annotations

from datetime import date


def priority(
	risk_tier: str, kind: str, due_date: date, expires_on: date, today: date, first_contact: bool = False
) -> int:
	"""1 is the most urgent. `kind`: Planned, Callback, Alert or Revisit."""
	raise NotImplementedError
