"""Which status may follow which, as data; the controllers and the tests read the same tables (rules.md)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Transition:
	source: str
	target: str
	causes: frozenset[str]


TASK: tuple[Transition, ...] = ()
PLAN: tuple[Transition, ...] = ()
ALERT: tuple[Transition, ...] = ()


def allowed(table: tuple[Transition, ...], source: str, target: str, cause: str | None = None) -> bool:
	"""Whether `source` may become `target` (for `cause`, when one is given). Staying is always allowed."""
	raise NotImplementedError
