"""Pseudonyms, shifted dates, bands and small groups."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hospital_followup.engine.deidentify import (
	HIDDEN,
	SHIFT_FROM,
	SHIFT_TO,
	Masks,
	age_band,
	icd_category,
	part_of_day,
	stay_band,
	suppress,
)

secrets = st.binary(min_size=32, max_size=32).map(Masks)
days = st.dates(date(1900, 1, 1), date(2200, 1, 1))
profiles = st.dictionaries(
	st.integers(0, 60).map(str),
	st.tuples(st.sampled_from("MF"), st.sampled_from("12"), st.sampled_from("abc"), st.sampled_from("xyz")),
)


@pytest.mark.parametrize(
	("age", "band"),
	[
		*((None, ""), (-1, ""), (0, "0-17"), (17, "0-17"), (18, "18-29"), (29, "18-29"), (30, "30-39")),
		*((66, "60-69"), (89, "80-89"), (90, "90+"), (119, "90+")),
	],
)
def test_ages_stand_in_bands(age, band):
	assert age_band(age) == band


@pytest.mark.parametrize(
	("nights", "band"),
	[(None, ""), (-1, ""), (0, "0-3"), (3, "0-3"), (4, "4-6"), (13, "7-13"), (30, "14-30"), (200, "31+")],
)
def test_lengths_of_stay_stand_in_bands(nights, band):
	assert stay_band(nights) == band


@pytest.mark.parametrize(
	("code", "category"),
	[
		("I10.x00", "I10"),
		(" i21.401 ", "I21"),
		("C50", "C50"),
		("王小明", ""),
		("13800138000", ""),
		("", ""),
		(None, ""),
	],
)
def test_a_diagnosis_is_told_by_its_category_and_never_by_words(code, category):
	assert icd_category(code) == category


@pytest.mark.parametrize(
	("hour", "part"), [(0, "Morning"), (11, "Morning"), (12, "Afternoon"), (17, "Evening")]
)
def test_times_are_parts_of_the_day(hour, part):
	assert part_of_day(hour) == part


@given(secrets, st.text(), days, days)
def test_no_date_stays_and_all_intervals_do(masks, patient, one, other):
	shifted, moved = masks.day(patient, one), masks.day(patient, other)
	assert SHIFT_FROM <= abs((shifted - one).days) <= SHIFT_TO
	assert shifted - moved == one - other


def test_an_empty_date_stays_empty():
	assert Masks(b"x" * 32).day("P1", None) is None


@given(secrets, secrets, st.text())
def test_another_export_has_other_pseudonyms(one, other, name):
	assert (one.pseudonym("patient", name) == other.pseudonym("patient", name)) == (one == other)
	assert one.pseudonym("patient", name) != one.pseudonym("discharge", name)


def test_shifts_spread_over_both_directions():
	shifts = Counter(Masks(b"s" * 32).shift(f"P{number}").days for number in range(5000))
	assert min(shifts) < -300 and max(shifts) > 300 and len(shifts) > 600
	assert 0.45 < sum(count for day, count in shifts.items() if day > 0) / 5000 < 0.55


@given(profiles, st.integers(2, 6))
def test_everybody_shares_what_is_told_with_enough_others(known, smallest):
	told = suppress(known, smallest)
	assert all(count >= smallest for count in Counter(told.values()).values())
	for name, profile in told.items():
		assert all(shown in (real, HIDDEN) for shown, real in zip(profile, known[name], strict=True))


@given(profiles, st.integers(2, 6))
def test_nothing_is_hidden_of_those_who_are_many_anyway(known, smallest):
	sizes = Counter(known.values())
	told = suppress(known, smallest)
	assert all(told[name] == profile for name, profile in known.items() if sizes[profile] >= smallest)


def test_features_are_hidden_one_by_one_and_the_last_few_left_out():
	known = {f"a{number}": ("F", "60-69", "Surgery", "I10") for number in range(5)}
	known |= {f"b{number}": ("F", "60-69", "Surgery", f"C{number}0") for number in range(5)}
	known |= {f"c{number}": ("M", "90+", f"Ward {number}", "I10") for number in range(4)}
	told = suppress(known)
	assert told["a0"] == ("F", "60-69", "Surgery", "I10")
	assert told["b0"] == ("F", "60-69", "Surgery", HIDDEN)
	assert not any(name.startswith("c") for name in told)
