"""What is impossible or unwise in a pathway: nobody whom it fits, steps nobody reaches, contacts that collide, texts
that nobody would read out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import takewhile

from hospital_followup.engine.dates import add
from hospital_followup.engine.facts import Applicability, Pathway, PathwayStep
from hospital_followup.engine.pathway import check, plain_code, times
from hospital_followup.engine.pathway_course import Node, course, nodes_of

#: A pathway with one of these does not do what it says; the others are for a person to judge.
BLOCKING = frozenset(
	{
		*("nobody_fits", "sex_never_fits", "age_never_fits", "before_anchor", "before_pregnancy"),
		*("over_before_age", "too_far", "too_many_contacts", "contradiction"),
	}
)
#: What two contacts on one day cannot both have.
MANNERS = ("channel", "role", "script", "questionnaire")
MOST_CONTACTS = 500
#: Naegele: a pregnancy is counted as 280 days up to the expected delivery.
PREGNANCY = timedelta(days=280)
#: Wider than the 15 to 49 years that the WHO calls reproductive age: outside it nobody expects a delivery.
CHILDBEARING = (10, 60)
#: Categories limited to one sex (WHO, ICD-10 volume 2, "Limitation to one sex"), whole blocks only.
ONE_SEX = {
	"Female": (
		("C51", "C58"),
		("D25", "D28"),
		("N70", "N98"),
		("O00", "O99"),
		("Z32", "Z36"),
		("Z39", "Z39"),
	),
	"Male": (("C60", "C63"), ("N40", "N51")),
}
#: Month ends, leap day and first days of a common and a leap year: what a month and 30 days have in common depends on them.
ANCHORS = tuple(
	date(year, month, 1) + timedelta(days=days)
	for year in (2023, 2024)
	for month in range(1, 13)
	for days in (0, 27, 28, 29, 30)
)
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Finding:
	"""`step`, `other`: rows counted from 1, 0 = the pathway; `contact`, `other_contact`: which contact of the row.

	`count` of `total` contacts are meant; `days` apart or long; `fields` names what is at fault, `value` what stands
	there, `expected` what would fit.
	"""

	code: str
	step: int = 0
	contact: int = 0
	other: int = 0
	other_contact: int = 0
	count: int = 0
	total: int = 0
	days: int = 0
	fields: tuple[str, ...] = ()
	value: str = ""
	expected: str = ""

	@property
	def blocking(self) -> bool:
		"""A step of which only some contacts are never made still does something."""
		return self.code in BLOCKING and self.count == self.total


@dataclass(frozen=True, slots=True)
class StepText:
	"""A script or questionnaire. `in_use`: the languages in which it is approved, also as another version or translation
	of it; "" = it fits every language."""

	name: str
	status: str
	in_use: frozenset[str] = frozenset()
	department: str = ""


@dataclass(frozen=True, slots=True)
class Surroundings:
	"""The hospital's settings and texts that a pathway is looked at with; texts by the field of a step, then by name."""

	merge_within_days: int = 2
	max_per_week: int = 3
	language: str = ""
	texts: Mapping[str, Mapping[str, StepText]] = field(default_factory=dict)


def examine(pathway: Pathway, around: Surroundings) -> tuple[Finding, ...]:
	"""Every finding: the pathway as a whole, then by step. Steps that `pathway.check` refuses are left out."""
	refused = {issue.step for issue in check(pathway)}
	rows = [(row, step) for row, step in enumerate(pathway.steps, 1) if row not in refused]
	contacts = sum(times(step) for _row, step in rows)
	found = [*_nobody(pathway), *_texts(pathway, rows, around)]
	if contacts > MOST_CONTACTS:
		found.append(Finding("too_many_contacts", value=str(contacts), expected=str(MOST_CONTACTS)))
	else:
		sound = replace(pathway, steps=tuple(step for _row, step in rows))
		numbers = [row for row, _step in rows]
		dated = [*_unreached(sound), *_windows(sound), *_collisions(sound, around)]
		found += [_numbered(finding, numbers) for finding in dated]
	return tuple(sorted(found, key=lambda finding: (finding.step, finding.other, finding.code)))


def _numbered(finding: Finding, numbers: Sequence[int]) -> Finding:
	"""The rows as the pathway counts them, refused steps included."""
	step, other = (numbers[row - 1] if row else 0 for row in (finding.step, finding.other))
	return replace(finding, step=step, other=other)


def _nobody(pathway: Pathway) -> Iterator[Finding]:
	wanted = pathway.applies
	youngest, oldest = wanted.age_from or 0, 999 if wanted.age_to is None else wanted.age_to
	ages = f"{wanted.age_from or 0}-{'' if wanted.age_to is None else wanted.age_to}"
	awaited = pathway.anchor == "Expected Delivery"
	pregnant = awaited or _all_within(wanted, (("O00", "O99"),))
	if youngest > oldest:
		yield Finding("nobody_fits", fields=("age_from", "age_to"), value=ages)
	elif pregnant and (oldest < CHILDBEARING[0] or youngest > CHILDBEARING[1]):
		yield Finding("age_never_fits", fields=("anchor" if awaited else "diagnoses",), value=ages)
	if awaited and wanted.sex == "Male":
		yield Finding("sex_never_fits", fields=("anchor",), value=wanted.sex)
	for sex, blocks in ONE_SEX.items():
		if wanted.sex and wanted.sex != sex and _all_within(wanted, blocks):
			yield Finding("sex_never_fits", fields=("diagnoses",), value=wanted.sex)


def _all_within(wanted: Applicability, blocks: tuple[tuple[str, str], ...]) -> bool:
	codes = [plain_code(code)[:3] for code in wanted.diagnoses]
	return bool(codes) and all(any(low <= code <= high for low, high in blocks) for code in codes)


def _unreached(pathway: Pathway) -> Iterator[Finding]:
	"""Contacts that are over before anybody can have them, wherever in the year the pathway begins."""
	for row, step in enumerate(pathway.steps, 1):
		total = times(step)
		reached = min(sum(1 for _node in nodes_of(row, step, anchor)) for anchor in (ANCHORS[0], ANCHORS[-1]))
		if reached < total:
			yield Finding("too_far", row, contact=reached + 1, count=total - reached, total=total)
		code, gone = "", total
		for anchor in ANCHORS:
			why, count = _gone(pathway, row, step, anchor)
			code, gone = why or code, min(gone, count)
		if gone:
			yield Finding(
				code, row, contact=1, count=gone, total=total, value=str(pathway.applies.age_from or 0)
			)


def _gone(pathway: Pathway, row: int, step: PathwayStep, anchor: date) -> tuple[str, int]:
	"""How many of a step's contacts are over too early, and why; they are its first ones."""
	code, first = "before_anchor", anchor
	if pathway.anchor == "Expected Delivery":
		code, first = "before_pregnancy", anchor - PREGNANCY
	elif pathway.anchor == "Birth" and pathway.applies.age_from:
		code, first = "over_before_age", add(anchor, 12 * min(pathway.applies.age_from, 200), "Month")
	# Like the planner: what is due on the first day itself is made; what was due before must still be possible after it.
	over = takewhile(lambda node: node.due < first and node.end <= first, nodes_of(row, step, anchor))
	count = sum(1 for _node in over)
	return (code if count else ""), count


def _windows(pathway: Pathway) -> Iterator[Finding]:
	for row, step in enumerate(pathway.steps, 1):
		if times(step) < 2:
			continue
		rhythm = min((add(day, step.repeat_every, step.repeat_unit) - day).days for day in ANCHORS)
		if 2 * step.window_days + 1 > rhythm:
			days = 2 * step.window_days + 1
			yield Finding(
				"window_over_repeat", row, days=days, expected=str((rhythm - 1) // 2), value=str(rhythm)
			)


def _collisions(pathway: Pathway, around: Surroundings) -> Iterator[Finding]:
	"""Contacts of one pathway are never merged, only capped: at their closest, wherever in the year it begins."""
	closest: dict[tuple[int, int], tuple[int, Node, Node]] = {}
	crowded: Finding | None = None
	for anchor in ANCHORS:
		nodes = course(pathway, anchor)
		for days, one, other in _near(nodes, around.merge_within_days):
			known = closest.get((one.row, other.row))
			if known is None or days < known[0]:
				closest[one.row, other.row] = (days, one, other)
		crowded = crowded or _crowded(nodes, around.max_per_week)
	yield from (_pair(pathway, *pair) for pair in closest.values())
	if crowded:
		yield crowded


def _near(nodes: Sequence[Node], within_days: int) -> Iterator[tuple[int, Node, Node]]:
	"""Pairs of different steps that are at most `within_days` apart, the upper row first."""
	for place, one in enumerate(nodes):
		for other in nodes[place + 1 :]:
			days = (other.due - one.due).days
			if days > within_days:
				break
			if one.row < other.row:
				yield days, one, other
			elif other.row < one.row:
				yield days, other, one


def _pair(pathway: Pathway, days: int, one: Node, other: Node) -> Finding:
	steps = (pathway.steps[one.row - 1], pathway.steps[other.row - 1])
	differing = tuple(name for name in MANNERS if _differ(*(getattr(step, name) for step in steps)))
	code = "too_close" if days else "contradiction" if differing else "same_day"
	fields = () if days else differing
	return Finding(code, one.row, one.place, other.row, other.place, days=days, fields=fields)


def _differ(one: str | None, other: str | None) -> bool:
	"""What a step leaves open takes on what the other one says."""
	return bool(one and other and one != other)


def _crowded(nodes: Sequence[Node], per_week: int) -> Finding | None:
	for first, last in zip(nodes, nodes[per_week:], strict=False):
		if last.due - first.due < _WEEK:
			count = sum(first.due <= node.due < first.due + _WEEK for node in nodes)
			return Finding("week_cap", first.row, first.place, last.row, last.place, value=str(count))
	return None


def _texts(
	pathway: Pathway, rows: Sequence[tuple[int, PathwayStep]], around: Surroundings
) -> Iterator[Finding]:
	departments = set(pathway.applies.departments)
	for row, step in rows:
		for name in ("script", "questionnaire"):
			wanted = getattr(step, name)
			known = around.texts.get(name)
			if not wanted or known is None:
				continue
			text = known.get(wanted)
			if text is None:
				yield Finding("text_missing", row, fields=(name,), value=wanted)
				continue
			if not text.in_use:
				yield Finding("text_not_approved", row, fields=(name,), value=wanted, expected=text.status)
			elif around.language and not text.in_use & {around.language, ""}:
				yield Finding("text_language", row, fields=(name,), value=wanted, expected=around.language)
			if text.department and departments != {text.department}:
				yield Finding("text_department", row, fields=(name,), value=wanted, expected=text.department)
