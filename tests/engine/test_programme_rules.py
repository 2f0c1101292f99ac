"""Who is taken into a life-long programme by rule, and whose birthday makes them fit."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hospital_followup.engine.dates import age_on
from hospital_followup.engine.facts import Applicability, Diagnosis, Procedure
from hospital_followup.engine.programme_rules import (
	OLDEST,
	Person,
	ages_of,
	anchor_of_enrolment,
	born_between,
	fits,
)

DAY = date(2026, 11, 22)
PERSON = Person(
	"Female",
	date(1966, 11, 22),
	frozenset({"Cardiology"}),
	(Diagnosis("I10.x00", "原发性高血压"),),
	(Procedure("74.1", "剖宫产术"),),
)


@pytest.mark.parametrize(
	("criteria", "person", "expected"),
	[
		({}, Person(), True),
		({"sex": "Female"}, PERSON, True),
		({"sex": "Male"}, PERSON, False),
		({"sex": "Female"}, Person(), False),
		({"age_from": 60}, PERSON, True),
		({"age_from": 61}, PERSON, False),
		({"age_to": 59}, PERSON, False),
		({"age_from": 60, "age_to": 60}, PERSON, True),
		({"age_to": 60}, Person("Female"), False),
		({"age_to": 60}, Person(born=DAY + timedelta(days=1)), False),
		({"age_from": 0, "age_to": 6}, Person(born=DAY), True),
		({"departments": ("Surgery", "Cardiology")}, PERSON, True),
		({"departments": ("Surgery",)}, PERSON, False),
		({"diagnoses": ("I10",)}, PERSON, True),
		({"diagnoses": ("高血压",)}, PERSON, True),
		({"diagnoses": ("E11",)}, PERSON, False),
		({"diagnoses": ("I10",)}, Person(), False),
		({"procedures": ("74",)}, PERSON, False),
		({"procedures": ("剖宫产",)}, PERSON, True),
		({"sex": "Female", "diagnoses": ("E11",)}, PERSON, False),
	],
)
def test_every_stated_criterion_must_hold(criteria, person, expected):
	assert fits([Applicability(**criteria)], person, DAY) is expected


def test_the_pathway_may_narrow_the_rule_and_the_rule_the_pathway():
	assert fits([Applicability(sex="Female"), Applicability(age_from=60)], PERSON, DAY)
	assert not fits([Applicability(sex="Female"), Applicability(age_from=61)], PERSON, DAY)
	assert not fits([Applicability(sex="Male"), Applicability(age_from=60)], PERSON, DAY)


@given(
	born=st.dates(date(1900, 1, 1), date(2060, 1, 1)),
	after=st.dates(date(2020, 1, 1), date(2060, 1, 1)),
	days=st.integers(0, 800),
	age=st.integers(1, OLDEST),
)
def test_birthdays_that_were_crossed_and_no_others(born, after, days, age):
	until = after + timedelta(days=days)
	earliest, latest = born_between(age, after, until)
	crossed = age_on(born, after) < age <= age_on(born, until)
	assert (earliest < born <= latest) is crossed


def test_who_begins_to_fit_on_a_birthday():
	criteria = [
		Applicability(age_from=35, age_to=64),
		Applicability(age_from=0),
		Applicability(age_from=9999),
	]
	assert ages_of(criteria) == {35}


@pytest.mark.parametrize(
	("anchor", "born", "expected"),
	[
		("Birth", date(2026, 1, 2), date(2026, 1, 2)),
		("Birth", None, None),
		("Enrolment", None, DAY),
		("Expected Delivery", date(1990, 1, 1), None),
		("Surgery", date(1990, 1, 1), None),
		("Discharge", date(1990, 1, 1), None),
	],
)
def test_what_the_programme_counts_from(anchor, born, expected):
	assert anchor_of_enrolment(anchor, born, DAY) == expected
