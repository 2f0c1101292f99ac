"""How often and how closely to try: the hospital's numbers per risk tier, frozen into the engine's rules."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

import frappe
from frappe import _
from frappe.utils import get_time

from hospital_followup.engine.attempts import CallRules

SETTINGS = "Follow-up Settings"
RULE = "Follow-up Retry Rule"
#: What a person needs of a day's call hours to take over from a message.
TIME_TO_CALL = timedelta(hours=3)
#: Lowest and highest value that makes sense in a row.
RANGES = {
	"attempts": (1, 20),
	"attempt_days": (1, 20),
	"spacing_hours": (0, 72),
	"caregiver_attempts": (0, 20),
}


def call_rules(risk_tier: str | None = None) -> CallRules:
	"""Attempts for `risk_tier`, call hours and patients' slots, as the administrator set them.

	A row for the tier wins over a row for every tier, which wins over the numbers of the settings themselves.
	"""
	settings = frappe.get_cached_doc(SETTINGS)

	def span(prefix: str) -> tuple:
		return (get_time(settings.get(f"{prefix}_from")), get_time(settings.get(f"{prefix}_to")))

	row = rule_for(risk_tier, settings.retry_rules)
	return CallRules(
		attempts=row.attempts if row else settings.max_attempts,
		caregiver_attempts=row.caregiver_attempts if row else settings.caregiver_attempts,
		spacing_hours=row.spacing_hours if row else settings.spacing_hours,
		minimum_days=row.attempt_days if row else settings.attempt_days,
		other_channels=bool(row.other_channels) if row else True,
		call_hours=(span("morning_call"), span("afternoon_call")),
		slots={slot: span(f"slot_{slot.lower()}") for slot in ("Morning", "Afternoon", "Evening")},
	)


def take_over_by(day: date) -> datetime:
	"""When a person has to know at the latest that a call is to be made on `day`."""
	return datetime.combine(day, call_rules().call_hours[-1][1]) - TIME_TO_CALL


def rule_for(risk_tier: str | None, rows: Iterable[Any]) -> Any | None:
	"""The row that counts for `risk_tier`: its own, else the one for every tier, else none."""
	by_tier = {row.risk_tier or "": row for row in rows}
	return by_tier.get(risk_tier or "") or by_tier.get("")


def retry_rule_problems(rows: Iterable[Any]) -> list[str]:
	"""What is wrong with the rows of the settings, one sentence each."""
	problems, seen = [], set()
	meta = frappe.get_meta(RULE)
	for row in rows:
		tier = row.risk_tier or ""
		if tier in seen:
			name = _(tier, context=RULE) if tier else _("every tier")
			problems.append(_("Row {0}: there is a row for {1} already. Keep one.").format(row.idx, name))
		seen.add(tier)
		for field, (low, high) in RANGES.items():
			if not low <= (row.get(field) or 0) <= high:
				label = _(meta.get_label(field), context=RULE)
				sentence = _("Row {0}: {1} is outside {2} to {3}.")
				problems.append(sentence.format(row.idx, label, low, high))
		if (row.attempt_days or 0) > (row.attempts or 0):
			sentence = _("Row {0}: {1} attempts cannot fall on {2} days.")
			problems.append(sentence.format(row.idx, row.attempts, row.attempt_days))
	return problems
