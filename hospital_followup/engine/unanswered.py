"""What follows a message that nobody answers (clinical.md, section 5; rules.md, Tasks).

The contact of a single unanswered message is missed at the end of its window. After several in a row there is one last
ask, and after that a call, while the window still leaves a day for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

#: Time to answer before the last ask, and after it before somebody calls.
ANSWER = timedelta(days=3)
LAST_ASK = timedelta(days=2)
DAY = timedelta(days=1)

Step = Literal["ask", "call", "missed"]


@dataclass(frozen=True, slots=True)
class Silence:
	"""A message that went out on `sent_on` for a contact whose window ends on `expires_on` (None: never).

	`in_a_row`: how many of the patient's messages are unanswered, this one and those right before it. `asked_on`: the day
	of the last ask.
	"""

	sent_on: date
	expires_on: date | None
	in_a_row: int
	asked_on: date | None = None


def step(silence: Silence, today: date, limit: int) -> Step | None:
	"""What is due on `today`; None while the patient has time. `limit`: unanswered messages before a call, 0 = never."""
	if silence.expires_on is not None and today > silence.expires_on:
		return "missed"
	if not limit or silence.in_a_row < limit:
		return None
	end = silence.expires_on or date.max
	if silence.asked_on is not None:
		return "call" if today >= min(silence.asked_on + LAST_ASK, end) else None
	ask_on = max(min(silence.sent_on + ANSWER, end - DAY), silence.sent_on + DAY)
	if today < ask_on:
		return None
	# An ask on the last day would leave nobody time to call.
	return "ask" if today < end else "call"
