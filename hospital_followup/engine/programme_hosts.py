"""Open contacts of a patient's other plans, and what joins them: one call instead of two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from hospital_followup.engine.cap import WEEK
from hospital_followup.engine.channel import choose_for
from hospital_followup.engine.decisions import ExistingTask, Origin
from hospital_followup.engine.draft import Draft
from hospital_followup.engine.facts import Config, PatientFacts
from hospital_followup.engine.merge import carry, merge
from hospital_followup.engine.names import PERSONAL_ORDER, ROLES
from hospital_followup.engine.plan import in_order
from hospital_followup.engine.progress import first_day, is_over
from hospital_followup.engine.schedule import POLICY, on_working_day


@dataclass(frozen=True, slots=True)
class Join:
	"""What the open task `host` of another plan becomes by the contacts that join it; its day stays what it is."""

	host: str
	origins: tuple[Origin, ...]
	expires_on: date
	channel: str
	role: str
	topics: tuple[str, ...]
	script: str | None
	questionnaire: str | None
	reasons: tuple[str, ...]


class Seats:
	"""The open tasks of other plans as drafts that keep their day, and the contacts that stay with the task they joined.

	`drafts` can be joined by what falls together with them; `fixed` have their guests and carry at most what has no room.
	"""

	def __init__(
		self, hosts: Sequence[ExistingTask], made: Mapping[str, Draft], config: Config, today: date
	) -> None:
		self._made, self._config = made, config
		self.standing = dict(made)
		self.owner: dict[Origin, ExistingTask] = {}
		self.drafts: list[Draft] = []
		self.fixed: list[Draft] = []
		self.taken: list[date] = []
		self.untouched: frozenset[str] = frozenset()
		for host in sorted(hosts, key=lambda task: (task.due_date, task.key)):
			guests = {key: made[key] for key in host.covers if key in made}
			if host.status == "In Progress":
				# Somebody is on the phone: what the call is about does not change under the caller's hand.
				self.taken.append(max(host.due_date, today))
				self.untouched |= {host.key}
				stay = guests
			elif is_over(host, today):
				# It waits to be marked Missed. A guest whose own window is open goes on without it.
				self.taken.append(host.due_date)
				released = any(draft.end >= today for draft in guests.values())
				stay = {} if released else guests
				self.untouched |= frozenset() if released else {host.key}
			else:
				seat = _seat(host, today)
				# Late is late: a contact that waits for its host is not dated anew every day, nor what waits beside it.
				near = {key: draft for key, draft in guests.items() if _near(draft, host)}
				late = any(first_day(draft, config.calendar) < today for draft in near.values())
				stay = near if late else {}
				self.owner |= dict.fromkeys(seat.origins, host)
				(self.fixed if stay else self.drafts).append(carry(seat, stay.values()))
			for key in stay:
				del self.standing[key]

	def host_of(self, draft: Draft) -> ExistingTask | None:
		return next((self.owner[origin] for origin in draft.origins if origin in self.owner), None)

	def crowded(self, host: ExistingTask, guests: Sequence[Origin]) -> bool:
		"""Whether a guest joined because its own day had no room: on their first days they do not all fall together.

		Asked of those days and not of today's, so that the answer stays the same while they wait.
		"""
		first = (on_working_day(self._made[origin.key("")], self._config.calendar) for origin in guests)
		return len(merge([_seat(host, host.due_date), *first], self._config.merge_within_days)) > 1


def _near(draft: Draft, host: ExistingTask) -> bool:
	"""Whether `draft` can have joined `host` where that stands now; whoever moved a host by hand moved no guest."""
	if draft.covers(host.due_date):
		return True
	return not host.pinned and abs((draft.due - host.due_date).days) < WEEK


def _seat(host: ExistingTask, today: date) -> Draft:
	day = max(host.due_date, today)
	return Draft(
		raw=day,
		due=day,
		start=day,
		end=max(host.expires_on, day),
		channel=host.channel,
		role=host.role,
		topics=host.topics,
		origins=tuple(Origin(source, "", 0, host.key, day) for source in host.sources or (POLICY,)),
		script=host.script,
		questionnaire=host.questionnaire,
		held=True,
	)


def join(
	host: ExistingTask,
	guests: Sequence[Origin],
	made: Mapping[str, Draft],
	capped: bool,
	patient: PatientFacts,
	risk_tier: str,
	today: date,
) -> Join:
	"""What `host` becomes by the contacts `guests`: their topics and, where they ask for more, role, channel and haste."""
	both = carry(_seat(host, today), [made[origin.key("")] for origin in guests])
	choice = choose_for(patient, both.channel, risk_tier)
	return Join(
		host=host.key,
		origins=tuple(guests),
		expires_on=both.end,
		channel=min(host.channel, choice.channel, key=PERSONAL_ORDER.index),
		role=max(host.role, host.role if choice.specialist else both.role, key=ROLES.index),
		topics=both.topics,
		script=both.script,
		questionnaire=both.questionnaire,
		reasons=in_order({*host.reasons, "merged", *(("capped",) if capped else ())}),
	)
