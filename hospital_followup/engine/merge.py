"""Contacts of different sources that fall together become one (clinical.md §1, Merge)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from hospital_followup.engine.decisions import Origin
from hospital_followup.engine.draft import Draft
from hospital_followup.engine.names import PERSONAL_ORDER, ROLES, TOPICS

# These say how the date came about, so they hold for the members whose date was taken.
_OF_THE_DATE = frozenset({"moved_working_day", "kept_on_closed_day", "late_discharge"})


def merge(drafts: Iterable[Draft], within_days: int) -> list[Draft]:
	"""Group greedily from the earliest date; a group holds one contact of each source, and stays within
	`within_days` of its first. A contact that finds no common date with the group stays by itself."""
	waiting = sorted(drafts, key=lambda draft: draft.order)
	if len({draft.origins[0].source for draft in waiting}) == 1:
		return waiting
	merged = []
	while waiting:
		first, *others = waiting
		group, waiting = [first], []
		for other in others:
			near = (other.due - first.due).days <= within_days
			if near and _different(group, other) and common_date([*group, other]) is not None:
				group.append(other)
			else:
				waiting.append(other)
		merged.append(join(group) if len(group) > 1 else first)
	return merged


def common_date(group: Sequence[Draft]) -> date | None:
	"""The earliest of the members' due dates that lies in every member's interval; a held member keeps its own."""
	held = {draft.due for draft in group if draft.held}
	for day in sorted(held or {draft.due for draft in group}):
		if len(held) < 2 and all(draft.covers(day) for draft in group):
			return day
	return None


def join(group: Sequence[Draft]) -> Draft:
	"""One contact on the group's common date."""
	day = common_date(group)
	if day is None:
		raise ValueError("these contacts have no date in common")
	reasons = {"merged"}
	for draft in group:
		reasons |= draft.reasons if draft.due == day else draft.reasons - _OF_THE_DATE
	return carry(
		replace(
			group[0],
			due=day,
			start=max(draft.start for draft in group),
			held=any(draft.held for draft in group),
			reasons=frozenset(reasons),
		),
		group[1:],
	)


def carry(draft: Draft, others: Iterable[Draft]) -> Draft:
	"""`draft` on its own date with what the others bring: topics, sources, the higher role, the more personal channel,
	the earliest end that is not before the date."""
	group = [draft, *others]
	if len(group) == 1:
		return draft
	origins: list[Origin] = []
	for member in group:
		origins += [origin for origin in member.origins if origin not in origins]
	# What gives up its own date brings the end of each of its members: some may be over by then, others not.
	ends = {draft.end}.union(*(member.ends or {member.end} for member in group[1:]))
	return replace(
		draft,
		raw=min(member.raw for member in group),
		end=min(end for end in ends if end >= draft.due),
		ends=draft.ends | ends,
		channel=min((member.channel for member in group), key=PERSONAL_ORDER.index),
		role=max((member.role for member in group), key=ROLES.index),
		topics=all_topics(group),
		origins=tuple(origins),
		first_contact=any(member.first_contact for member in group),
		script=next((member.script for member in group if member.script), None),
		questionnaire=next((member.questionnaire for member in group if member.questionnaire), None),
	)


def all_topics(group: Iterable[Draft]) -> tuple[str, ...]:
	"""Each topic once: the known ones in their usual order, a hospital's own after them as they come."""
	topics = dict.fromkeys(topic for draft in group for topic in draft.topics)
	known = [topic for topic in TOPICS if topic in topics]
	return (*known, *(topic for topic in topics if topic not in TOPICS))


def _different(group: Iterable[Draft], other: Draft) -> bool:
	sources = {origin.source for origin in other.origins}
	return all(origin.source not in sources for draft in group for origin in draft.origins)
