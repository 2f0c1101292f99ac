"""What the check of a pathway finds, against the planner itself where it speaks of contacts that are never made."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hospital_followup.engine.dates import add
from hospital_followup.engine.facts import Applicability, Pathway, PathwayStep
from hospital_followup.engine.pathway import pathway_contacts
from hospital_followup.engine.pathway_check import (
	ANCHORS,
	MOST_CONTACTS,
	Finding,
	StepText,
	Surroundings,
	examine,
)
from hospital_followup.engine.pathway_course import course


def pathway(*steps: PathwayStep, anchor: str = "Discharge", **applies: object) -> Pathway:
	return Pathway("P", 1, anchor, Applicability(**applies), steps)


def step(offset: int, unit: str = "Day", **values: object) -> PathwayStep:
	return PathwayStep(f"s{offset}{unit}{len(values)}", offset, unit, **{"window_days": 1, **values})


def found(one: Pathway, **around: object) -> list[Finding]:
	return list(examine(one, Surroundings(**around)))


def codes(one: Pathway, **around: object) -> list[tuple[str, int, int]]:
	return [(finding.code, finding.step, finding.other) for finding in found(one, **around)]


def test_a_sensible_pathway_has_no_findings() -> None:
	assert codes(pathway(step(2), step(1, "Week"), step(1, "Month"), step(3, "Month", window_days=7))) == []


class TestWhoItIsFor:
	@pytest.mark.parametrize(
		("values", "expected"),
		[
			({"age_from": 60, "age_to": 18}, ["nobody_fits"]),
			({"age_from": 60, "age_to": 60}, []),
			({"anchor": "Expected Delivery", "sex": "Male"}, ["sex_never_fits"]),
			({"anchor": "Expected Delivery", "sex": "Female"}, []),
			({"anchor": "Expected Delivery", "age_to": 9}, ["age_never_fits"]),
			({"anchor": "Expected Delivery", "age_from": 61}, ["age_never_fits"]),
			({"anchor": "Expected Delivery", "age_from": 60}, []),
			({"diagnoses": ("O80", "o82.1"), "sex": "Male"}, ["sex_never_fits"]),
			({"diagnoses": ("O80", "I10"), "sex": "Male"}, []),
			({"diagnoses": ("O80", "分娩"), "sex": "Male"}, []),
			({"diagnoses": ("C61", "N40"), "sex": "Female"}, ["sex_never_fits"]),
			({"diagnoses": ("C61",), "sex": "Male"}, []),
			({"diagnoses": ("C61",)}, []),
			({"diagnoses": ("O80",), "age_from": 65}, ["age_never_fits"]),
			({"diagnoses": ("I10",), "age_from": 65}, []),
		],
	)
	def test_nobody(self, values: dict[str, object], expected: list[str]) -> None:
		findings = found(pathway(step(2), **values))
		assert [finding.code for finding in findings] == expected
		assert all(finding.blocking and finding.step == 0 for finding in findings)


class TestContactsThatAreNeverMade:
	@pytest.mark.parametrize(
		("anchor", "one", "applies", "expected"),
		[
			("Expected Delivery", step(-41, "Week"), {}, ("before_pregnancy", 1, 1, True)),
			("Expected Delivery", step(-41, "Week", window_days=7), {}, ("before_pregnancy", 1, 1, True)),
			("Expected Delivery", step(-41, "Week", window_days=8), {}, None),
			("Expected Delivery", step(-40, "Week"), {}, None),
			(
				"Expected Delivery",
				step(-44, "Week", repeat_every=4, repeat_unit="Week", repeat_count=5),
				{},
				("before_pregnancy", 1, 5, False),
			),
			("Birth", step(12, "Month"), {"age_from": 3}, ("over_before_age", 1, 1, True)),
			("Birth", step(36, "Month"), {"age_from": 3}, None),
			("Birth", step(12, "Month"), {"age_to": 0}, None),
			("Discharge", step(12, "Month"), {"age_from": 65}, None),
			("Discharge", step(0, window_days=0), {}, None),
			(
				"Discharge",
				step(2, repeat_every=1200, repeat_unit="Month", repeat_count=3),
				{},
				("too_far", 1, 3, False),
			),
		],
	)
	def test_by_anchor(self, anchor, one, applies, expected) -> None:
		findings = found(pathway(one, anchor=anchor, **applies))
		told = [(f.code, f.count, f.total, f.blocking) for f in findings]
		assert told == ([expected] if expected else [])

	@given(
		anchor=st.sampled_from(ANCHORS),
		offset=st.integers(0, 60),
		unit=st.sampled_from(["Day", "Week", "Month"]),
		window=st.integers(0, 40),
		repeats=st.integers(1, 4),
		age=st.integers(0, 4),
		later=st.integers(0, 400),
	)
	def test_the_planner_never_makes_them(
		self, anchor: date, offset: int, unit: str, window: int, repeats: int, age: int, later: int
	) -> None:
		one = step(
			offset, unit, window_days=window, repeat_every=1, repeat_unit="Month", repeat_count=repeats
		)
		whole = pathway(one, anchor="Birth", age_from=age)
		gone = sum(f.count for f in found(whole) if f.code == "over_before_age")
		made = pathway_contacts(
			whole,
			anchor,
			add(anchor, 12 * age, "Month") + timedelta(days=later),
			"Phone",
			"Follow-up Specialist",
		)
		assert len(made) <= repeats - gone

	def test_numbers_beyond_the_calendar_do_no_harm(self) -> None:
		far = step(1200, "Month", repeat_every=1200, repeat_unit="Month", repeat_count=366)
		finding = found(pathway(far))[0]
		assert (finding.code, finding.total) == ("too_far", 366)

	def test_too_many_to_look_at(self) -> None:
		many = [
			PathwayStep(f"s{n}", n, "Day", 1, "Day", 366, 0, channel=channel)
			for n, channel in enumerate(("Phone", "SMS"))
		]
		assert codes(pathway(*many)) == [("too_many_contacts", 0, 0)]
		assert found(pathway(*many))[0].expected == str(MOST_CONTACTS)


class TestContactsThatCollide:
	@pytest.mark.parametrize(
		("one", "other", "expected"),
		[
			(step(7), step(1, "Week"), "same_day"),
			(step(7, channel="Phone"), step(1, "Week"), "same_day"),
			(step(7, channel="Phone"), step(1, "Week", channel="SMS"), "contradiction"),
			(step(7, role="Follow-up Doctor"), step(7, role="Follow-up Specialist"), "contradiction"),
			(step(7, script="A v1"), step(7, script="B v1", window_days=2), "contradiction"),
			(step(30), step(1, "Month"), "same_day"),  # in April
			(step(32), step(1, "Month"), "too_close"),  # one day apart in January, two in April
			(step(34), step(1, "Month"), None),
			(step(7), step(9), "too_close"),
			(step(7), step(10), None),
		],
	)
	def test_two_steps(self, one: PathwayStep, other: PathwayStep, expected: str | None) -> None:
		second = replace(other, id="other")
		assert codes(pathway(one, second)) == ([(expected, 1, 2)] if expected else [])

	def test_says_which_contacts_and_what_differs(self) -> None:
		monthly = step(1, "Month", repeat_every=1, repeat_unit="Month", repeat_count=3, channel="WeChat")
		doctor = step(3, "Month", role="Follow-up Doctor", channel="Phone")
		finding = found(pathway(doctor, monthly))[0]
		assert (finding.step, finding.contact, finding.other, finding.other_contact) == (1, 1, 2, 3)
		assert (finding.fields, finding.days, finding.blocking) == (("channel",), 0, True)

	def test_the_hospitals_own_distance_counts(self) -> None:
		two = pathway(step(7), step(12))
		assert codes(two) == []
		assert codes(two, merge_within_days=5) == [("too_close", 1, 2)]

	@pytest.mark.parametrize(("every", "capped"), [(1, True), (2, True), (3, False)])
	def test_more_than_three_in_a_week(self, every: int, capped: bool) -> None:
		often = step(2, repeat_every=every, repeat_unit="Day", repeat_count=5, window_days=0)
		assert codes(pathway(often)) == ([("week_cap", 1, 1)] if capped else [])

	def test_two_steps_fill_a_week_together(self) -> None:
		steps = [step(day, window_days=0) for day in (2, 5, 8)] + [step(11, window_days=0)]
		assert codes(pathway(*steps), merge_within_days=0, max_per_week=2) == [("week_cap", 1, 3)]


@pytest.mark.parametrize(
	("every", "unit", "window", "told"),
	[
		(1, "Week", 3, None),
		(1, "Week", 4, "3"),
		(1, "Month", 13, None),
		(1, "Month", 14, "13"),
		(2, "Month", 29, None),
		(2, "Month", 30, "29"),
	],
)
def test_a_window_longer_than_the_repetition(every: int, unit: str, window: int, told: str | None) -> None:
	one = step(1, unit, repeat_every=every, repeat_unit=unit, repeat_count=3, window_days=window)
	assert [(f.code, f.expected) for f in found(pathway(one))] == (
		[("window_over_repeat", told)] if told else []
	)
	assert found(pathway(replace(one, repeat_count=1))) == []


class TestTexts:
	TEXTS = {
		"script": {
			"zh v1": StepText("zh v1", "Approved", frozenset({"zh", "en"})),
			"en v1": StepText("en v1", "Approved", frozenset({"en"})),
			"draft v1": StepText("draft v1", "Draft"),
			"surgery v1": StepText("surgery v1", "Approved", frozenset({"zh"}), "Surgery"),
		},
		"questionnaire": {"any v1": StepText("any v1", "Approved", frozenset({""}))},
	}

	@pytest.mark.parametrize(
		("values", "departments", "expected"),
		[
			({"script": "zh v1"}, (), None),
			({"script": "en v1"}, (), "text_language"),
			({"script": "draft v1"}, (), "text_not_approved"),
			({"script": "gone v1"}, (), "text_missing"),
			({"script": "surgery v1"}, ("Surgery",), None),
			({"script": "surgery v1"}, (), "text_department"),
			({"script": "surgery v1"}, ("Surgery", "Cardiology"), "text_department"),
			({"questionnaire": "any v1"}, (), None),
			({"questionnaire": "zh v1"}, (), "text_missing"),
		],
	)
	def test_that_nobody_would_read_out(self, values, departments, expected) -> None:
		one = pathway(step(2, **values), departments=departments)
		findings = found(one, language="zh", texts=self.TEXTS)
		assert [f.code for f in findings] == ([expected] if expected else [])
		assert not any(f.blocking for f in findings)


def test_a_refused_step_keeps_its_place() -> None:
	wrong = PathwayStep("x", -3, "Day", window_days=1)
	assert codes(pathway(wrong, step(7), step(8))) == [("too_close", 2, 3)]


def test_the_course_is_in_order() -> None:
	nodes = course(pathway(step(1, "Month", window_days=3), step(2)), date(2024, 1, 31))
	assert [(node.row, node.due) for node in nodes] == [(2, date(2024, 2, 2)), (1, date(2024, 2, 29))]
	assert (nodes[1].start, nodes[1].end) == (date(2024, 2, 26), date(2024, 3, 3))
