"""The Charlson index that LACE uses, proposed from ICD-10 codes and confirmed by staff."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CharlsonProposal:
	"""`conditions`: (name of the condition, weight, the code that shows it), the heaviest first."""

	score: int
	conditions: tuple[tuple[str, int, str], ...]


def propose(codes: Iterable[str]) -> CharlsonProposal:
	raise NotImplementedError
