"""Sending what is queued: claim a group, commit, hand it over, write down the answers, commit.

The database decides who sends what: a message is claimed by compare-and-set, and what came of it is written by whoever
still holds that claim. What may have reached a patient is never sent again (quality.md, Reliability 3). A process can be
killed before, between and after these steps; whoever finds the claim run out asks the provider (`outbox_asking`).
"""

from __future__ import annotations

import time
from datetime import datetime
from functools import partial

from frappe.utils import now_datetime

from hospital_followup.channels.handing_over import Pool
from hospital_followup.services import outbox_claims, outbox_results
from hospital_followup.services.outbox_claims import GROUP, Claimed
from hospital_followup.services.runs import Run

#: Seconds that one job sends before it makes room for others; far below the time limit of the long queue.
JOB_SECONDS = 240
#: Seconds after that in which a group is still handed over; the rest of it goes back into the queue.
GRACE = 20
#: A group that others hold completely is not asked for again and again.
FRUITLESS_ROUNDS = 3
PAUSE = 0.2
#: So many groups that wait keep one more sender busy; more senders than this only wait for each other's rows.
GROUPS_PER_SENDER = 8
MOST_SENDERS = 4


def send_due(record: Run, *, seconds: float = JOB_SECONDS, sender: int = 1, size: int = GROUP) -> int:
	"""Send what is due until nothing is left or `seconds` are over; how many messages were decided on.

	`sender`: 1, 2, … of those that work at the same time; each begins at another place of the queue.
	"""
	ends, decided, fruitless = time.monotonic() + seconds, 0, 0
	with Pool() as pool:
		while time.monotonic() < ends and fruitless < FRUITLESS_ROUNDS:
			names = record.transaction(partial(outbox_claims.due, now_datetime(), size, sender))
			if not names:
				break
			group = record.transaction(partial(outbox_claims.claim, names, now_datetime()))
			decided += group.decided
			if group.decided:
				fruitless = 0
				group.until = min(group.until, ends + GRACE)
				hand_over(record, group, pool)
			else:
				fruitless += 1
				time.sleep(PAUSE)
	return decided


def hand_over(record: Run, group: Claimed, pool: Pool) -> None:
	"""Give the messages of a committed claim to their providers and write down what they answered."""
	if group.rows:
		results = pool.send(group.letters, group.providers, group.watch, group.until)
		outbox_results.keep(record, group, results)


def senders_needed(now: datetime) -> int:
	"""How many workers what is due keeps busy."""
	groups = -(-len(outbox_claims.due(now, GROUP * GROUPS_PER_SENDER * MOST_SENDERS, 1)) // GROUP)
	return min(-(-groups // GROUPS_PER_SENDER), MOST_SENDERS)
