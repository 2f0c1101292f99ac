"""What an answer changes in a pathway: the next contact comes sooner, or the pathway ends (clinical.md §4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from hospital_followup.engine.calendar import Calendar
from hospital_followup.engine.cap import room
from hospital_followup.engine.conditions import Answered, ConditionError, Value, holds, leaves, parse
from hospital_followup.engine.draft import DAY
from hospital_followup.engine.questionnaire_check import value_problems
from hospital_followup.engine.questions import Questionnaire

SOONER, END = "Sooner", "End Pathway"
MOST_IN_A_ROW = 12
LONGEST_WAIT = 366


@dataclass(frozen=True, slots=True)
class Reaction:
	"""One rule of a pathway. `steps`: ids of the steps after which it is asked, none = all of them."""

	condition: str
	effect: str
	steps: frozenset[str] = frozenset()
	in_a_row: int = 1
	within_days: int = 0
	name: str = ""


@dataclass(frozen=True, slots=True)
class Result:
	"""What a contact of the pathway brought: the steps it stood for, and what was answered (nothing: {})."""

	steps: frozenset[str]
	answers: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Room:
	"""Where a contact may go: the working days, and how close the patient's `used` days of contact may be."""

	calendar: Calendar
	used: tuple[date, ...]
	per_day: int
	per_week: int

	def allows(self, day: date) -> bool:
		return self.calendar.is_working(day) and room(day, self.used, self.per_day, self.per_week)


@dataclass(frozen=True, slots=True)
class Doubt:
	"""Why a reaction can never, or not surely, come about.

	`code`: unknown_question, nobody_asks, no_order, not_a_value or out_of_range; `found` is the text at fault.
	"""

	code: str
	found: str = ""
	expected: str = ""
	blocking: bool = True


def follow(reactions: Sequence[Reaction], results: Sequence[Result]) -> Reaction | None:
	"""What the latest of `results` (oldest first) brings about; None for nothing.

	A reaction looks at the contacts of its own steps, as many as it wants in a row, and the latest contact must be one
	of them. A contact that was not made is no result and interrupts no row; one in which the question was not answered
	does. An end goes before a sooner contact, and of several of those the one that is soonest.
	"""
	met = [reaction for reaction in reactions if _is_met(reaction, results)]
	ends = [reaction for reaction in met if reaction.effect == END]
	return ends[0] if ends else min(met, key=lambda reaction: reaction.within_days, default=None)


def _is_met(reaction: Reaction, results: Sequence[Result]) -> bool:
	if not results or not _is_about(reaction, results[-1]):
		return False
	own = [result for result in results if _is_about(reaction, result)][-reaction.in_a_row :]
	condition = parse(reaction.condition, own=None)
	return len(own) == reaction.in_a_row and all(holds(condition, result.answers) for result in own)


def _is_about(reaction: Reaction, result: Result) -> bool:
	return not reaction.steps or not reaction.steps.isdisjoint(result.steps)


def sooner(made_on: date, within_days: int, was: date, today: date, room: Room) -> date | None:
	"""The day to which a contact due on `was` comes, None when it stays.

	The last allowed working day that is at most `within_days` after the contact of `made_on`; where there is none, or
	that time has passed (a late entry), the first one after it. Never later than it was, and never before tomorrow.
	"""
	limit, first = made_on + timedelta(days=within_days), max(made_on, today) + DAY
	if was <= max(limit, first):
		return None
	return _last(first, limit, room) or _first(max(first, limit + DAY), was - DAY, room)


def extra_day(made_on: date, within_days: int, today: date, room: Room) -> date:
	"""The day of a contact of its own where the pathway has none to bring forward: like `sooner`, but one is always found.

	Such a call does not count for the cap (clinical.md §1); it only keeps away from the other contacts while it can.
	"""
	limit, first = made_on + timedelta(days=within_days), max(made_on, today) + DAY
	end = max(limit, first)
	return _last(first, end, room) or room.calendar.previous_working(end + DAY, first) or end


def brought_end(was: date, end: date, day: date, limit: date) -> date:
	"""The end of the window of a contact that comes from `was` to `day`: as long after its day as it was, at least up to
	the `limit` by which it was wanted, never later than it was."""
	return min(end, max(day + (end - was), limit, day))


def _last(first: date, last: date, room: Room) -> date | None:
	day = last
	while day >= first:
		if room.allows(day):
			return day
		day -= DAY
	return None


def _first(first: date, last: date, room: Room) -> date | None:
	day = first
	while day <= last:
		if room.allows(day):
			return day
		day += DAY
	return None


def doubts(reaction: Reaction, asked: Mapping[str, Questionnaire | None]) -> tuple[Doubt, ...]:
	"""What is wrong with the condition of a reaction; `asked`: the questionnaire of each step, None where it names none.

	A code is fine when one of the steps asks for it. Raises nothing: what is no condition at all is refused on saving.
	"""
	scope = [
		questionnaire for step, questionnaire in asked.items() if not reaction.steps or step in reaction.steps
	]
	known = [questionnaire for questionnaire in scope if questionnaire is not None]
	return tuple(dict.fromkeys(_doubts(reaction, known, open_ended=len(known) < len(scope))))


def _doubts(reaction: Reaction, known: Sequence[Questionnaire], *, open_ended: bool) -> Iterator[Doubt]:
	try:
		condition = parse(reaction.condition, own=None)
	except ConditionError:
		return
	for leaf in leaves(condition):
		about = [one.by_code[leaf.code] for one in known if leaf.code in one.by_code]
		if not about:
			yield Doubt(
				"nobody_asks" if open_ended else "unknown_question", leaf.code, blocking=not open_ended
			)
		elif not isinstance(leaf, Answered):
			problems = [tuple(value_problems(question, leaf)) for question in about]
			if all(problems):
				yield from (Doubt(code, found, expected) for code, found, expected in problems[0])
