"""What follows for the patient's contacts from what became of a message."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import frappe


def settled(rows: Sequence[frappe._dict], now: datetime) -> None:
	"""Called in the transaction in which messages got a status that needs no further doing of the sender.

	`rows` are whole rows of Follow-up Message with their new `status` (Sent, Delivered, Failed, Uncertain, Expired or
	Suppressed) and `status_reason`. Called again for rows whose effects failed, and for an Uncertain message whose reason became
	`unresolved`: nobody could tell what became of it, so a person takes over. `now` is on the site's clock.
	"""
