"""LACE and HOSPITAL: points, ranges with missing components, and the tier they stand for."""

from __future__ import annotations

from dataclasses import dataclass

from hospital_followup.engine.decisions import Component
from hospital_followup.engine.facts import DischargeFacts


@dataclass(frozen=True, slots=True)
class Score:
	"""`known` is the sum of the known components; the true sum lies in [low, high]."""

	name: str
	components: tuple[Component, ...]
	low: int
	high: int
	low_tier: str
	high_tier: str

	@property
	def incomplete(self) -> tuple[str, ...]:
		return tuple(component.name for component in self.components if component.missing)

	@property
	def empty(self) -> bool:
		"""Nothing at all is known."""
		return all(component.missing for component in self.components)


def lace(discharge: DischargeFacts) -> Score:
	raise NotImplementedError


def hospital(discharge: DischargeFacts, variant: str = "original") -> Score:
	raise NotImplementedError


def haemoglobin_in_g_dl(value: float, unit: str) -> float:
	"""Convert from "g/dL", "g/L" or "mmol/L"."""
	raise NotImplementedError
