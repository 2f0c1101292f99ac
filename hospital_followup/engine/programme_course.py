"""The course of an enrolment: every contact of its pathway from the day it counts from, none before the enrolment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from hospital_followup.engine.dates import add
from hospital_followup.engine.decisions import Origin
from hospital_followup.engine.draft import Draft
from hospital_followup.engine.facts import Config, Pathway, PathwayStep
from hospital_followup.engine.names import SPECIALIST
from hospital_followup.engine.pathway import due_on, times
from hospital_followup.engine.policy import NoRule, cell

#: Stands before the title of a pathway in the sources of a programme's contact.
PROGRAMME = "programme:"
#: Who makes a contact where neither the step nor the policy says so.
BY_DEFAULT = ("Phone", SPECIALIST)


@dataclass(frozen=True, slots=True)
class Enrolled:
	"""One active enrolment. `key`: key of its plan; two enrolments of a patient differ in title or anchor.

	Nothing is due before `enrolled_on`: what was over by then was never owed to the patient.
	"""

	key: str
	pathway: Pathway
	anchor: date
	enrolled_on: date


def courses(
	enrolled: Sequence[Enrolled], config: Config, risk_tier: str, value_tier: str
) -> tuple[dict[str, Draft], dict[str, int]]:
	"""All contacts of all enrolments by key, and the number of each in its own course."""
	try:
		rule, _ = cell(config.policy, risk_tier, value_tier)
		channel, role = rule.channel, rule.role
	except NoRule:
		channel, role = BY_DEFAULT
	drafts: dict[str, Draft] = {}
	places: dict[str, int] = {}
	for one in sorted(enrolled, key=lambda entry: entry.key):
		own = _course(one, channel, role)
		drafts |= {draft.origins[0].key(""): draft for draft in own}
		places |= {draft.origins[0].key(""): place for place, draft in enumerate(own, 1)}
	return drafts, places


@lru_cache(maxsize=4096)
def _course(one: Enrolled, channel: str, role: str) -> tuple[Draft, ...]:
	"""The contacts of an enrolment on their raw days, by day."""
	drafts = (draft for step in one.pathway.steps for draft in _expand(one, step, channel, role))
	return tuple(sorted(drafts, key=lambda draft: draft.order))


def _expand(one: Enrolled, step: PathwayStep, channel: str, role: str) -> Iterator[Draft]:
	for place in range(times(step)):
		day = due_on(step, one.anchor, place)
		end = add(day, step.window_days, "Day")
		if end < one.enrolled_on:
			continue
		step_id = step.id if place == 0 else f"{step.id}#{place + 1}"
		title = one.pathway.title
		origin = Origin(f"{PROGRAMME}{title}", title, one.pathway.version, step_id, one.anchor, one.key)
		due = max(day, one.enrolled_on)
		yield Draft(
			raw=due,
			due=due,
			start=max(add(day, -step.window_days, "Day"), one.enrolled_on),
			end=end,
			channel=step.channel or channel,
			role=step.role or role,
			topics=step.topics,
			origins=(origin,),
			script=step.script,
			questionnaire=step.questionnaire,
		)
