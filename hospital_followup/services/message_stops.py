"""Messages that were written and must not go out any more, because the patient has just said so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from hospital_followup.services import message_withdrawal, outbox_results


def suppress_queued(patients: Sequence[str], channel: str, now: datetime) -> int:
	"""Take back every message to `patients` that waits for `channel`; returns how many."""
	rows = message_withdrawal.take_back(patients, channel)
	outbox_results.settle(rows, now)
	return len(rows)
