"""A made-up volume: as many as asked for, the tiers that were asked for, and the same ones every time."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from hospital_followup.engine.made_up import Volume, made_up
from hospital_followup.engine.model import Applicability, Pathway, PathwayStep
from hospital_followup.engine.names import OF_A_STAY
from hospital_followup.engine.pathway import anchor_of, applies
from hospital_followup.engine.plan import plan
from hospital_followup.engine.tiering import assess
from tests.engine.factories import MONDAY, config

RISK = {"High": 20, "Medium": 30, "Low": 50}
VALUE = {"High": 10, "Medium": 60, "Low": 30}
MONTH = Volume(MONDAY, MONDAY + timedelta(days=29), 40, RISK, VALUE, 25)
STEPS = (PathwayStep("one", 5),)
PATHWAYS = st.lists(
	st.builds(
		Pathway,
		st.text(min_size=1, max_size=4),
		st.just(1),
		st.sampled_from(OF_A_STAY),
		st.builds(
			Applicability,
			st.sampled_from(((), ("K80",), ("胆囊结石", "K81"))),
			st.sampled_from(((), ("Surgery",), ("Eyes", "surgery "))),
			st.sampled_from(((), ("51.23",), ("Caesarean",))),
			st.sampled_from((None, "Female", "Male")),
			st.none() | st.integers(0, 60),
			st.none() | st.integers(60, 90),
		),
		st.just(STEPS),
	),
	max_size=3,
	unique_by=lambda one: one.title,
)


def test_the_same_question_gives_the_same_discharges() -> None:
	assert list(made_up(MONTH, ())) == list(made_up(MONTH, ()))


def test_every_day_has_its_number_and_the_tiers_their_share() -> None:
	found = list(made_up(MONTH, ()))
	assert set(Counter(one.discharge.discharge_date for one in found).values()) == {40}
	assert len(found) == MONTH.discharges == 1200
	risks = Counter(one.discharge.given_risk_tier for one in found)
	values = Counter(one.value.value_tier for one in found)
	for shares, drawn in ((RISK, risks), (VALUE, values)):
		assert all(abs(drawn[tier] - 12 * percent) < 60 for tier, percent in shares.items())
	assert len({one.patient.patient_id for one in found}) == 1200


def test_a_tier_without_a_share_is_never_drawn() -> None:
	only = replace(MONTH, risk={"High": 0, "Medium": 100, "Low": 0})
	assert {one.discharge.given_risk_tier for one in made_up(only, ())} == {"Medium"}


@given(PATHWAYS, st.sampled_from((None, "Surgery", "Heart")))
def test_who_follows_a_pathway_meets_its_criteria(pathways, department: str | None) -> None:
	volume = replace(MONTH, per_day=3, pathway_percent=100, department=department)
	theirs = [one for one in pathways if not one.applies.departments or department != "Heart"]
	for one in made_up(volume, pathways):
		assert department in (None, one.discharge.department)
		if theirs:
			assert any(
				applies(pathway, one.discharge, one.patient)
				and anchor_of(pathway, one.discharge, one.patient) is not None
				for pathway in pathways
			)


def test_the_share_with_a_pathway_has_its_contacts_too() -> None:
	pathway = Pathway("After Surgery", 1, "Surgery", Applicability(procedures=("51.23",)), STEPS)
	settings = config(pathways=(pathway,), merge_within_days=0)
	followed = 0
	for one in made_up(MONTH, (pathway,)):
		tier = assess(one.discharge, one.patient, one.value, None, settings)
		contacts = plan(one.discharge, one.patient, tier, settings, key=one.discharge.id).contacts
		followed += any("pathway:After Surgery" in contact.sources for contact in contacts)
	assert abs(followed - 300) < 60


def test_a_pathway_that_begins_with_an_enrolment_is_followed_by_nobody() -> None:
	pathway = Pathway("Youth", 1, "Enrolment", Applicability(diagnoses=("Z00",)), STEPS)
	assert not any(
		one.discharge.diagnoses for one in made_up(replace(MONTH, pathway_percent=100), (pathway,))
	)
