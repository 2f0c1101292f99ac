"""LACE and HOSPITAL: points, ranges with missing components, and the tier they stand for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from hospital_followup.engine.decisions import Component
from hospital_followup.engine.facts import DischargeFacts, HashOnce

# (lowest value, points), the highest first: van Walraven et al., CMAJ 2010;182:551.
_LACE_STAY = ((14, 7), (7, 5), (4, 4), (3, 3), (2, 2), (1, 1), (0, 0))
_LACE_CHARLSON = ((4, 5), (3, 3), (2, 2), (1, 1), (0, 0))
_LACE_ED_VISITS = ((4, 4), (3, 3), (2, 2), (1, 1), (0, 0))
_LACE_TIERS = ((10, "High"), (5, "Medium"), (0, "Low"))

# Donzé et al., JAMA Intern Med 2016;176:496.
_HOSPITAL_ADMISSIONS = {
	"original": ((6, 5), (2, 2), (0, 0)),
	"simplified": ((6, 5), (1, 2), (0, 0)),
}
_HOSPITAL_TIERS = ((7, "High"), (5, "Medium"), (0, "Low"))
HOSPITAL_VARIANTS = tuple(_HOSPITAL_ADMISSIONS)

# 1 mmol/L of haemoglobin (monomer, 16.114 kg/mol) is 1.6114 g/dL.
_G_DL_PER_UNIT = {"g/dL": 1.0, "g/L": 0.1, "mmol/L": 1.6114}
HAEMOGLOBIN_UNITS = tuple(_G_DL_PER_UNIT)


@dataclass(frozen=True, slots=True)
class Score(HashOnce):
	"""`low` is the sum of the known components; with `incomplete` ones the true sum lies in [low, high]."""

	name: str
	components: tuple[Component, ...]
	low: int
	high: int
	low_tier: str
	high_tier: str
	incomplete: tuple[str, ...]

	__hash__ = HashOnce.__hash__

	@property
	def empty(self) -> bool:
		"""Nothing at all is known."""
		return len(self.incomplete) == len(self.components)


def lace(discharge: DischargeFacts) -> Score:
	"""Length of stay, Acute admission, Charlson, Emergency visits in 6 months: 0-19, Low < 5 ≤ Medium < 10 ≤ High."""
	return _lace(
		stay_in_days(discharge), discharge.emergency_admission, discharge.charlson, discharge.ed_visits
	)


@lru_cache(maxsize=16384)
def _lace(stay: float | None, emergency: bool | None, charlson: int | None, ed_visits: int | None) -> Score:
	return _score(
		"LACE",
		(
			_banded("length_of_stay", stay, _LACE_STAY),
			_yes("emergency_admission", emergency, 3),
			_banded("charlson", charlson, _LACE_CHARLSON),
			_banded("ed_visits", ed_visits, _LACE_ED_VISITS),
		),
		_LACE_TIERS,
	)


def hospital(discharge: DischargeFacts, variant: str = "original") -> Score:
	"""0-13, Low < 5 ≤ Medium < 7 ≤ High. `variant` "simplified" scores 1-5 earlier admissions as 2 points.

	Raises KeyError for an unknown variant.
	"""
	procedure = True if discharge.procedures else discharge.any_procedure
	return _score(
		"HOSPITAL",
		(
			_below("haemoglobin", discharge.haemoglobin, 12),
			_yes("oncology", discharge.oncology, 2),
			_below("sodium", discharge.sodium, 135),
			_yes("procedure", procedure, 1),
			_yes("emergency_admission", discharge.emergency_admission, 1),
			_banded("admissions_12m", discharge.admissions_12m, _HOSPITAL_ADMISSIONS[variant]),
			_banded("length_of_stay", stay_in_days(discharge), ((5, 2), (0, 0))),
		),
		_HOSPITAL_TIERS,
	)


def stay_in_days(discharge: DischargeFacts) -> float | None:
	"""As given, else from the two dates, else unknown."""
	if discharge.length_of_stay is not None:
		return float(discharge.length_of_stay)
	if discharge.admission_date is None or discharge.admission_date > discharge.discharge_date:
		return None
	return float((discharge.discharge_date - discharge.admission_date).days)


def haemoglobin_in_g_dl(value: float, unit: str) -> float:
	"""Convert from "g/dL", "g/L" or "mmol/L"; raises KeyError for another unit."""
	# Rounded, so that 120 g/L is exactly 12 g/dL and not a little less.
	return round(value * _G_DL_PER_UNIT[unit], 6)


def _score(name: str, components: tuple[Component, ...], tiers: Sequence[tuple[int, str]]) -> Score:
	low = sum(component.points for component in components)
	high = low + sum(component.maximum for component in components if component.value is None)
	missing = tuple(component.name for component in components if component.value is None)
	return Score(name, components, low, high, _tier(low, tiers), _tier(high, tiers), missing)


def _tier(points: int, tiers: Sequence[tuple[int, str]]) -> str:
	return next(tier for lowest, tier in tiers if points >= lowest)


def _banded(name: str, value: float | None, bands: Sequence[tuple[int, int]]) -> Component:
	points = 0 if value is None else next((points for lowest, points in bands if value >= lowest), 0)
	return Component(name, value, points, bands[0][1])


def _below(name: str, value: float | None, limit: float) -> Component:
	return Component(name, value, int(value is not None and value < limit), 1)


def _yes(name: str, value: bool | None, points: int) -> Component:
	return Component(name, value, points if value else 0, points)
