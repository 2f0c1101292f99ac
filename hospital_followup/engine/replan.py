"""What planning again changes, as a difference by key."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from hospital_followup.engine.decisions import Contact, ExistingTask, PlanDiff


def diff(
	existing: Iterable[ExistingTask], contacts: Iterable[Contact], today: date | None = None
) -> PlanDiff:
	"""Done tasks stay, open ones move, cancelled ones open again, surplus ones are cancelled with a reason."""
	raise NotImplementedError
