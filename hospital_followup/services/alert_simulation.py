"""What an alert rule would have raised in the past: the same engine over contacts that took place, nothing written.

Only over records that the session's user may see. A second alert of a rule while one would still have been open is left
out, taking every alert as answered just in time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import frappe
from frappe import _
from frappe.utils import flt, get_datetime

from hospital_followup.engine import alerts as engine
from hospital_followup.exceptions import InvalidPeriodError
from hospital_followup.services import alert_facts, queries
from hospital_followup.services.alert_history import Chance, revisit_chances, task_chances
from hospital_followup.services.alert_rules import rule_of
from hospital_followup.services.alert_sentences import what_met
from hospital_followup.services.alerts import ALERT
from hospital_followup.services.writer import chunks

LOG = "Follow-up Log"
SURVEY = "Follow-up Survey"
LINKS = {LOG: "log", SURVEY: "survey", "Follow-up Task": "task", "Follow-up Revisit": "revisit"}
#: More contacts than a large hospital makes in a quarter; beyond it the answer would take longer than people wait.
MOST = 20_000
LONGEST_DAYS = 366
#: Readings before the period that a trend may begin with.
BEFORE = timedelta(days=400)
LISTED = 50
LOG_FIELDS = (
	*(
		"name",
		"patient",
		"patient_name",
		"department",
		"task",
		"contacted_at",
		"questionnaire",
		"satisfaction",
	),
	*("notes", "patient_feedback"),
)


@dataclass(frozen=True, slots=True)
class Would:
	"""An alert that would have been raised."""

	on: datetime
	chance: Chance
	detail: str


def simulate(doc: Any, since: date, until: date) -> dict[str, Any]:
	"""What the rule `doc`, saved or not, would have raised from `since` to `until`, both included.

	Raises InvalidPeriodError for a period that is empty, too long, or holds too many contacts.
	"""
	_check_period(since, until)
	rule = rule_of(doc)
	chances = list(_chances(rule, since, until))
	found = _one_while_open(
		sorted(_met(rule, chances), key=lambda would: would.on),
		timedelta(hours=flt(doc.get("respond_within_hours"))),
	)
	subjects = len({chance.name for chance in chances})
	return {
		"since": since,
		"until": until,
		"subject": rule.subject,
		"looked_at": subjects,
		"raised": len(found),
		"percent": round(100 * len({would.chance.name for would in found}) / subjects, 1)
		if subjects
		else None,
		"weeks": _weeks(found, since, until),
		"alerts": [_shown(would) for would in found[: -LISTED - 1 : -1]],
		"judged": _judged(found),
	}


def _check_period(since: date, until: date) -> None:
	if since > until:
		message = _("The period ends on {1}, before it begins on {0}. Choose a later end.")
	elif (until - since).days > LONGEST_DAYS:
		message = _("From {0} to {1} is more than a year. Choose a shorter period.")
	else:
		return
	frappe.throw(
		message.format(frappe.format(since), frappe.format(until)),
		InvalidPeriodError,
		title=_("Try on the Past"),
	)


def _chances(rule: engine.Rule, since: date, until: date) -> Iterator[Chance]:
	if rule.subject == engine.TASK:
		yield from task_chances(since, until, MOST + 1)
	elif rule.subject == engine.REVISIT:
		yield from revisit_chances(since, until, MOST + 1)
	elif rule.subject == engine.REQUEST:
		yield from _calls_asked(since, until)
	elif rule.subject == engine.CONTACT:
		yield from _contacts(rule, since, until)


def _calls_asked(since: date, until: date) -> Iterator[Chance]:
	rows = frappe.get_list(
		SURVEY,
		filters=[["call_asked_on", "between", _whole_days(since, until)]],
		fields=["name", "patient", "patient_name", "department", "call_asked_on"],
		order_by="call_asked_on, name",
		limit=MOST + 1,
	)
	_refuse_too_many(rows)
	tiers = _tiers(sorted({row.patient for row in rows}))
	for row in rows:
		facts = alert_facts.facts_of_call(row, risk_tier=tiers.get(row.patient))
		yield Chance(SURVEY, row.name, row, ((get_datetime(row.call_asked_on), facts),))


def _contacts(rule: engine.Rule, since: date, until: date) -> Iterator[Chance]:
	rows = frappe.get_list(
		LOG,
		filters=[
			["docstatus", "=", 1],
			["contacted_at", "between", _whole_days(since, until)],
		],
		fields=list(LOG_FIELDS),
		order_by="contacted_at, name",
		limit=MOST + 1,
	)
	_refuse_too_many(rows)
	patients = sorted({row.patient for row in rows})
	answers = queries.children(alert_facts.ANSWER, ("question", "value"), [row.name for row in rows])
	readings = _visible(alert_facts.readings_of(patients, alert_facts.trend_codes([rule]), since - BEFORE))
	tiers = _tiers(patients)
	for row in rows:
		row.answers = answers.get(row.name, [])
		facts = alert_facts.facts_of(row, readings, final=True, risk_tier=tiers.get(row.patient))
		yield Chance(LOG, row.name, row, ((get_datetime(row.contacted_at), facts),))


def _whole_days(since: date, until: date) -> list[datetime]:
	return [datetime.combine(since, time.min), datetime.combine(until, time.max)]


def _tiers(patients: Sequence[str]) -> dict[str, str | None]:
	rows = queries.select("Follow-up Patient", ("name", "risk_tier"), "name", patients)
	return {row.name: row.risk_tier for row in rows}


def _visible(readings: alert_facts.Readings) -> alert_facts.Readings:
	"""The readings of contacts that the user may list: a trend quotes them."""
	logs = sorted({log for given in readings.values() for log, _reading in given})
	seen: set[str] = set()
	for part in chunks(logs, alert_facts.PER_STATEMENT):
		seen.update(
			frappe.get_list(LOG, filters={"name": ("in", part)}, pluck="name", limit=0, order_by="name")
		)
	return {key: [pair for pair in given if pair[0] in seen] for key, given in readings.items()}


def _refuse_too_many(rows: Sequence[Any]) -> None:
	if len(rows) > MOST:
		frappe.throw(
			_("There are more than {0} records in this period. Choose a shorter one.").format(f"{MOST:,}"),
			InvalidPeriodError,
			title=_("Try on the Past"),
		)


def _met(rule: engine.Rule, chances: Iterable[Chance]) -> Iterator[Would]:
	for chance in chances:
		for on, facts in chance.moments:
			if found := engine.evaluate([rule], facts):
				questions = alert_facts.questions_of(chance.row.get("questionnaire"))
				yield Would(on, chance, what_met(found[0], questions, facts.texts))
				break


def _one_while_open(found: Iterable[Would], answered_after: timedelta) -> list[Would]:
	last: dict[str, datetime] = {}
	kept = []
	for would in found:
		# A task or a revisit raises one alert of a rule, whatever its patient's other ones do.
		patient = would.chance.row.patient if would.chance.doctype in (LOG, SURVEY) else would.chance.name
		if patient not in last or would.on - last[patient] > answered_after:
			kept.append(would)
			last[patient] = would.on
	return kept


def _weeks(found: Iterable[Would], since: date, until: date) -> list[dict[str, Any]]:
	"""Alerts by week from Monday, weeks without any among them."""
	counts = Counter(_monday(would.on.date()) for would in found)
	day, weeks = _monday(since), []
	while day <= until:
		weeks.append({"start": day, "count": counts[day]})
		day += timedelta(days=7)
	return weeks


def _monday(day: date) -> date:
	return day - timedelta(days=day.weekday())


def _shown(would: Would) -> dict[str, Any]:
	row = would.chance.row
	return {
		"on": would.on,
		"patient": row.patient,
		"patient_name": row.patient_name,
		"department": row.department,
		"detail": would.detail,
		"doctype": would.chance.doctype,
		"name": would.chance.name,
	}


def _judged(found: Sequence[Would]) -> dict[str, int]:
	"""Of the same contacts: those that raised an alert at the time, and how these were judged."""
	by_doctype: dict[str, list[str]] = {}
	for would in found:
		by_doctype.setdefault(would.chance.doctype, []).append(would.chance.name)
	counts = {"raised": 0, "right": 0, "false": 0}
	for doctype, names in by_doctype.items():
		rows = frappe.get_list(
			ALERT, filters={LINKS[doctype]: ("in", names)}, fields=["judgement"], limit=0, order_by="name"
		)
		counts["raised"] += len(rows)
		counts["right"] += sum(row.judgement == "True" for row in rows)
		counts["false"] += sum(row.judgement == "False" for row in rows)
	return counts
