"""Raw dates of the policy's contacts, and how closed days move a contact (clinical.md §1)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import lru_cache

from hospital_followup.engine.calendar import Calendar
from hospital_followup.engine.dates import add
from hospital_followup.engine.decisions import Origin
from hospital_followup.engine.draft import DAY, Draft
from hospital_followup.engine.facts import PolicyRule

POLICY = "policy"


@lru_cache(maxsize=4096)
def policy_contacts(
	rule: PolicyRule, title: str, version: int, anchor: date, hold_first: bool
) -> tuple[Draft, ...]:
	"""The rule's contacts on their raw dates.

	Contact k (from 0) belongs to interval k, which runs from the day after `anchor + k intervals` up to and including
	`anchor + (k+1) intervals`. It is due k intervals after `anchor + first_contact_day`; months are counted from there
	and from the anchor, never from a date that was already clamped to a month's end. `hold_first`: contact 0 stays
	where it is, whatever comes (High risk).
	"""
	first_due = add(anchor, rule.first_contact_day, "Day")
	drafts = []
	for k in range(rule.contacts):
		after = add(anchor, k * rule.interval, rule.interval_unit)
		end = add(anchor, (k + 1) * rule.interval, rule.interval_unit)
		due = max(add(first_due, k * rule.interval, rule.interval_unit), after + DAY)
		drafts.append(
			Draft(
				raw=due,
				due=due,
				start=after + DAY,
				end=end,
				channel=rule.channel,
				role=rule.role,
				topics=rule.topics,
				origins=(Origin(POLICY, title, version, str(k + 1), anchor),),
				first_contact=k == 0,
				held=hold_first and k == 0,
			)
		)
	return tuple(drafts)


def on_working_day(draft: Draft, calendar: Calendar) -> Draft:
	"""Move a contact that falls on a closed day, inside its interval.

	The first contact goes to the nearest working day, the earlier one on a tie; every later one to the next, else back
	to the one before. Held contacts, and those without any working day in their interval, stay and say so.
	"""
	if calendar.is_working(draft.due):
		return draft
	day = None
	if not draft.held:
		if draft.first_contact:
			day = calendar.nearest_working(draft.due, draft.start, draft.end)
		else:
			day = calendar.next_working(draft.due, draft.end)
			day = day or calendar.previous_working(draft.due, draft.start)
	if day is None:
		return replace(draft, reasons=draft.reasons | {"kept_on_closed_day"})
	return replace(draft, due=day, reasons=draft.reasons | {"moved_working_day"})
