"""How good an alert rule is: of the alerts that doctors judged, how many were right (product.md, alert learning)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import frappe
from frappe.query_builder.functions import Count
from pypika.terms import PseudoColumn

from hospital_followup import permissions
from hospital_followup.services.alerts import ALERT

SETTINGS = "Follow-up Settings"


@dataclass(frozen=True, slots=True)
class Yield:
	"""Alerts of a rule: all, those judged, and those judged right."""

	raised: int = 0
	judged: int = 0
	right: int = 0

	@property
	def percent(self) -> float | None:
		"""Right among judged, in percent; None while nothing was judged."""
		return 100 * self.right / self.judged if self.judged else None


def yields(rules: Iterable[str]) -> Mapping[str, Yield]:
	"""The yield of each rule among the alerts that the session's user may see; one query."""
	names = list(rules)
	found = dict.fromkeys(names, Yield())
	if not names:
		return found
	alert = frappe.qb.DocType(ALERT)
	query = (
		frappe.qb.from_(alert)
		.select(alert.rule, alert.judgement, Count("*"))
		.where(alert.rule.isin(names))
		.groupby(alert.rule, alert.judgement)
		.orderby(alert.rule)
	)
	if allowed := permissions.condition(doctype=ALERT):
		query = query.where(PseudoColumn(allowed.replace("%", "%%")))
	for rule, judgement, count in query.run():
		now = found[rule]
		judged, right = (count if judgement in kinds else 0 for kinds in (("True", "False"), ("True",)))
		found[rule] = Yield(now.raised + count, now.judged + judged, now.right + right)
	return found


def is_weak(found: Yield) -> bool:
	"""Whether enough alerts were judged, and too few of them right (the settings say how many)."""
	settings = frappe.get_cached_doc(SETTINGS)
	if found.percent is None or found.judged < settings.weak_rule_judged:
		return False
	return found.percent < settings.weak_rule_yield


def of_rule(rule: str | None) -> dict[str, Any]:
	"""The yield of one rule and whether it is weak, for its form."""
	return as_shown(yields([rule])[rule] if rule else Yield())


def as_shown(found: Yield) -> dict[str, Any]:
	return {**asdict(found), "percent": found.percent, "weak": is_weak(found)}
