"""The truth about how follow-up is running, for the health page and the banner (quality.md, Reliability 7).

Every look is a bounded question to an index, or to a table that stays small. Nothing here writes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import frappe

from hospital_followup.services import health_jobs, health_ledger, health_messages
from hospital_followup.services.health_check import BAD, LEVELS, OK, Check, guarded

#: Seconds for which an answer is kept; the banner asks on every page.
KEPT_FOR = 60
LOOKS: dict[str, Callable[[], Iterable[Check]]] = {
	"jobs": health_jobs.checks,
	"ledger": health_ledger.checks,
	"messages": health_messages.checks,
}


def checks(*, fresh: bool = False) -> list[Check]:
	"""Every check, the worst first; of the last minute unless `fresh`. In the language of the session."""
	key = f"followup_health|{frappe.local.lang}"
	kept = None if fresh else frappe.cache.get_value(key, expires=True)
	if kept is None:
		kept = [
			check for code, look in LOOKS.items() for check in guarded(code, lambda look=look: list(look()))
		]
		kept.sort(key=lambda check: LEVELS.index(check.level))
		frappe.cache.set_value(key, kept, expires_in_sec=KEPT_FOR)
	return kept


def forget() -> None:
	"""Something was set right: look again at once, in every language."""
	frappe.cache.delete_keys("followup_health")


def worst(found: Iterable[Check]) -> str:
	"""The level of the worst check."""
	levels = {check.level for check in found}
	return next((level for level in LEVELS if level in levels), OK)


def urgent() -> list[Check]:
	"""What a banner must say: the checks that are bad."""
	return [check for check in checks() if check.level == BAD]
