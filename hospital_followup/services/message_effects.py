"""What follows for the patient's contacts from what became of a message."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import frappe


def settled(rows: Sequence[frappe._dict], now: datetime) -> None:
	"""Called in the transaction in which messages got a status that needs no further doing of the sender.

	`rows` are rows of Follow-up Message (what it is for, patient, address, times) with their new `status`: Sent, Delivered,
	Failed, Expired, Suppressed, or Uncertain with the reason `unresolved`: nobody could tell what became of it, so a person takes
	over. A Failed one may carry `permanent`: the address is dead for this channel. Called again for rows whose effects failed, so
	everything here has to be done once however often it is asked for. `now` is on the site's clock.
	"""
