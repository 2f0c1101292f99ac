"""Whom a text is for, and which of several is the most specific."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hospital_followup.engine.model import Diagnosis, Procedure
from hospital_followup.engine.relevance import Offer, Stay, Wanted, is_for, matches, rank, terms

PRESSURE = Diagnosis("I10.x00", "原发性高血压", True)
SUGAR = Diagnosis("E11.9", "2型糖尿病")
SECTION = Procedure("74.1", "子宫下段剖宫产")
STAY = Stay((PRESSURE, SUGAR), (), 70, "Female")


@pytest.mark.parametrize(
	("text", "expected"),
	[
		(None, ()),
		(" , ;\n", ()),
		("I10, I11.9", ("I10", "I11.9")),
		(
			"I10，E11、高血压；糖尿病;heart failure\nI50",
			("I10", "E11", "高血压", "糖尿病", "heart failure", "I50"),
		),
	],
)
def test_terms_are_separated_by_commas_and_lines(text: str | None, expected: tuple[str, ...]) -> None:
	assert terms(text) == expected


@pytest.mark.parametrize(
	("term", "expected"),
	[
		("I10", True),
		("i10", True),
		("E11", True),
		("E11.9", True),
		("E119", True),
		("E11.8", False),
		("E1", False),
		("高血压", True),
		("糖尿", True),
		("剖宫产", False),
		("hypertension", False),
	],
)
def test_a_term_begins_the_code_or_is_part_of_the_title(term: str, expected: bool) -> None:
	assert matches((term,), STAY) is expected


def test_a_term_finds_a_procedure() -> None:
	assert matches(("剖宫产",), Stay(procedures=(SECTION,)))
	assert not matches((), STAY)


@pytest.mark.parametrize(
	("audience", "stay", "expected"),
	[
		("", Stay(), True),
		("After Surgery", Stay(), False),
		("After Surgery", Stay(procedures=(Procedure(title="阑尾切除"),)), True),
		("Child", Stay(age=17), True),
		("Child", Stay(age=18), False),
		("Child", Stay(), False),
		("Older Person", Stay(age=65), True),
		("Older Person", Stay(age=64), False),
		("Older Person", Stay(), False),
		("Maternity", Stay((Diagnosis("O80.0"),)), True),
		("Maternity", Stay(procedures=(SECTION,)), True),
		("Maternity", Stay((Diagnosis("I10"),)), False),
	],
)
def test_audiences(audience: str, stay: Stay, expected: bool) -> None:
	assert is_for(audience, stay) is expected


def test_the_hospital_says_until_when_one_is_a_child() -> None:
	assert not is_for("Child", Stay(age=15), adult_from=14)


WANTED = Wanted(STAY, "心内科", "Phone", "zh")
ANY = Offer("any")


def order(*offers: Offer, wanted: Wanted = WANTED) -> list[str]:
	return [offer.name for offer in rank(offers, wanted)]


def test_the_most_specific_comes_first() -> None:
	offers = [
		replace(ANY, name="main diagnosis", condition="I10"),
		replace(ANY, name="audience", audience="Older Person", department="心内科", channel="Phone"),
		replace(ANY, name="other diagnosis", condition="E11", department="心内科"),
		replace(ANY, name="department", department="心内科"),
		replace(ANY, name="channel", channel="Phone"),
		replace(ANY, name="language", language="zh"),
		replace(ANY, name="other variety", language="zh-TW"),
		replace(ANY, name="any", language="en"),
	]
	assert order(*reversed(offers)) == [offer.name for offer in offers]


def test_what_does_not_fit_is_left_out() -> None:
	assert (
		order(
			replace(ANY, condition="C34"),
			replace(ANY, audience="Child"),
			replace(ANY, department="骨科"),
			replace(ANY, channel="SMS"),
		)
		== []
	)


def test_among_equals_the_newer_version_then_the_later_approval_then_the_name() -> None:
	assert order(
		replace(ANY, name="b"),
		replace(ANY, name="a"),
		replace(ANY, name="late", approved_on="2026-02-01"),
		replace(ANY, name="v2", version=2),
	) == ["v2", "late", "a", "b"]


def test_where_no_diagnosis_is_the_main_one_each_is() -> None:
	stay = Stay((replace(PRESSURE, primary=False), SUGAR), age=70)
	offers = (replace(ANY, name="age", audience="Older Person"), replace(ANY, name="sugar", condition="E11"))
	assert order(*offers, wanted=replace(WANTED, stay=stay)) == ["sugar", "age"]
	assert order(*offers) == ["age", "sugar"]


@pytest.mark.parametrize(
	("stay", "expected"),
	[
		(Stay((Diagnosis("O82.0", "剖宫产", True),), (SECTION,), 30), "Maternity"),
		(Stay((Diagnosis("K35.8", "", True),), (Procedure(title="阑尾切除"),), 9), "Child"),
		(Stay((Diagnosis("S72.0", "", True),), (Procedure(title="髋关节置换"),), 80), "After Surgery"),
	],
)
def test_of_several_audiences_the_most_telling(stay: Stay, expected: str) -> None:
	offers = [
		replace(ANY, name=audience, audience=audience)
		for audience in ("Child", "Older Person", "Maternity", "After Surgery")
	]
	assert order(*offers, wanted=replace(WANTED, stay=stay))[0] == expected


OFFERS = st.lists(
	st.builds(
		Offer,
		st.sampled_from("abcdef"),
		st.sampled_from(["", "I10", "E11", "C34"]),
		st.sampled_from(["", "Older Person", "Child"]),
		st.sampled_from(["", "心内科"]),
		st.sampled_from(["", "Phone", "SMS"]),
		st.sampled_from(["", "zh", "en"]),
		st.integers(1, 3),
	),
	max_size=8,
	unique_by=lambda offer: offer.name,
)


@given(OFFERS, st.randoms(use_true_random=False))
def test_the_order_does_not_depend_on_how_they_were_found(offers: list[Offer], random) -> None:
	shuffled = list(offers)
	random.shuffle(shuffled)
	assert order(*offers) == order(*shuffled)


@given(OFFERS)
def test_ranking_adds_nothing_and_is_stable(offers: list[Offer]) -> None:
	found = rank(offers, WANTED)
	assert set(found) <= set(offers)
	assert rank(found, WANTED) == found
