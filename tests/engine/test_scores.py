"""LACE and HOSPITAL: every band, every limit, and what missing components do (clinical.md §2)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hospital_followup.engine.scores import haemoglobin_in_g_dl, hospital, lace, stay_in_days
from tests.engine.factories import MONDAY, discharge

LACE_ZERO = {"length_of_stay": 0, "emergency_admission": False, "charlson": 0, "ed_visits": 0}
HOSPITAL_ZERO = {
	"haemoglobin": 12.0,
	"oncology": False,
	"sodium": 135.0,
	"any_procedure": False,
	"emergency_admission": False,
	"admissions_12m": 0,
	"length_of_stay": 4,
}


@pytest.mark.parametrize(
	("days", "points"),
	[
		(0, 0),
		(0.9, 0),
		(1, 1),
		(1.5, 1),
		(2, 2),
		(3, 3),
		(4, 4),
		(6, 4),
		(6.9, 4),
		(7, 5),
		(13, 5),
		(14, 7),
		(90, 7),
	],
)
def test_lace_length_of_stay(days, points):
	assert lace(discharge(**{**LACE_ZERO, "length_of_stay": days})).low == points


@pytest.mark.parametrize(("charlson", "points"), [(0, 0), (1, 1), (2, 2), (3, 3), (4, 5), (12, 5)])
def test_lace_charlson(charlson, points):
	assert lace(discharge(**{**LACE_ZERO, "charlson": charlson})).low == points


@pytest.mark.parametrize(("visits", "points"), [(0, 0), (1, 1), (2, 2), (3, 3), (4, 4), (30, 4)])
def test_lace_emergency_visits(visits, points):
	assert lace(discharge(**{**LACE_ZERO, "ed_visits": visits})).low == points


@pytest.mark.parametrize(("acute", "points"), [(True, 3), (False, 0)])
def test_lace_acute_admission(acute, points):
	assert lace(discharge(**{**LACE_ZERO, "emergency_admission": acute})).low == points


def test_lace_reaches_from_0_to_19():
	assert (lace(discharge(**LACE_ZERO)).low, lace(discharge(**LACE_ZERO)).high) == (0, 0)
	worst = {"length_of_stay": 20, "emergency_admission": True, "charlson": 9, "ed_visits": 9}
	assert lace(discharge(**worst)).low == 19
	assert lace(discharge()).high == 19


@pytest.mark.parametrize(
	("facts", "total", "tier"),
	[
		({"length_of_stay": 4}, 4, "Low"),
		({"length_of_stay": 7}, 5, "Medium"),
		({"length_of_stay": 7, "ed_visits": 4}, 9, "Medium"),
		({"length_of_stay": 14, "emergency_admission": True}, 10, "High"),
	],
)
def test_lace_tiers(facts, total, tier):
	score = lace(discharge(**{**LACE_ZERO, **facts}))
	assert (score.low, score.high, score.low_tier, score.high_tier) == (total, total, tier, tier)


@pytest.mark.parametrize(
	("missing", "maximum"),
	[("length_of_stay", 7), ("emergency_admission", 3), ("charlson", 5), ("ed_visits", 4)],
)
def test_a_missing_lace_component_widens_the_range_by_its_maximum(missing, maximum):
	score = lace(discharge(**{**LACE_ZERO, missing: None}))
	assert (score.low, score.high, score.incomplete) == (0, maximum, (missing,))


def test_a_score_without_any_fact_is_empty_and_one_with_a_zero_is_not():
	assert lace(discharge()).empty
	assert not lace(discharge(ed_visits=0)).empty


@pytest.mark.parametrize(
	("facts", "points"),
	[
		({"haemoglobin": 11.9}, 1),
		({"haemoglobin": 12.0}, 0),
		({"oncology": True}, 2),
		({"sodium": 134.9}, 1),
		({"sodium": 135.0}, 0),
		({"any_procedure": True}, 1),
		({"emergency_admission": True}, 1),
		({"admissions_12m": 1}, 0),
		({"admissions_12m": 2}, 2),
		({"admissions_12m": 5}, 2),
		({"admissions_12m": 6}, 5),
		({"length_of_stay": 4.9}, 0),
		({"length_of_stay": 5}, 2),
	],
)
def test_hospital_points(facts, points):
	assert hospital(discharge(**{**HOSPITAL_ZERO, **facts})).low == points


@pytest.mark.parametrize(("admissions", "points"), [(0, 0), (1, 2), (5, 2), (6, 5)])
def test_hospital_variant_counts_one_earlier_admission(admissions, points):
	assert hospital(discharge(**{**HOSPITAL_ZERO, "admissions_12m": admissions}), "simplified").low == points


@pytest.mark.parametrize(
	("facts", "total", "tier"),
	[
		({"length_of_stay": 5, "oncology": True}, 4, "Low"),
		({"length_of_stay": 5, "oncology": True, "haemoglobin": 9}, 5, "Medium"),
		({"length_of_stay": 5, "oncology": True, "haemoglobin": 9, "sodium": 130}, 6, "Medium"),
		(
			{"length_of_stay": 5, "oncology": True, "haemoglobin": 9, "sodium": 130, "any_procedure": True},
			7,
			"High",
		),
	],
)
def test_hospital_tiers(facts, total, tier):
	score = hospital(discharge(**{**HOSPITAL_ZERO, **facts}))
	assert (score.low, score.low_tier) == (total, tier)


def test_hospital_reaches_13():
	assert hospital(discharge()).high == 13
	assert len(hospital(discharge()).incomplete) == 7


def test_listed_procedures_answer_the_question_for_any_procedure():
	from hospital_followup.engine.model import Procedure

	done = discharge(procedures=(Procedure("51.23"),), any_procedure=None)
	assert [c.points for c in hospital(done).components if c.name == "procedure"] == [1]


@pytest.mark.parametrize(
	("value", "unit", "grams"),
	[(12, "g/dL", 12), (120, "g/L", 12), (119, "g/L", 11.9), (7.45, "mmol/L", 12.00493)],
)
def test_haemoglobin_units(value, unit, grams):
	assert haemoglobin_in_g_dl(value, unit) == pytest.approx(grams)


def test_120_grams_per_litre_is_not_below_12():
	assert hospital(discharge(**{**HOSPITAL_ZERO, "haemoglobin": haemoglobin_in_g_dl(120, "g/L")})).low == 0


def test_an_unknown_unit_is_refused():
	with pytest.raises(KeyError):
		haemoglobin_in_g_dl(12, "mg")


def test_the_stay_is_counted_from_the_admission_when_not_given():
	assert stay_in_days(discharge(admission_date=MONDAY - timedelta(days=5))) == 5
	assert stay_in_days(discharge(admission_date=MONDAY - timedelta(days=5), length_of_stay=4)) == 4
	assert stay_in_days(discharge(admission_date=MONDAY + timedelta(days=1))) is None
	assert stay_in_days(discharge()) is None
