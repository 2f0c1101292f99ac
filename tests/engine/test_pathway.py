"""Pathways: whom they apply to, what they count from, and the contacts of their steps."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from hospital_followup.engine.model import Applicability, Diagnosis, Pathway, Procedure
from hospital_followup.engine.pathway import applies, check, pathway_contacts, visits
from tests.engine.factories import MONDAY, config, days_after, discharge, pathway, patient, planned, step

GALLSTONES = Diagnosis("K80.201", "胆囊结石", True)
CAESAREAN = Procedure("74.100", "剖宫产术", MONDAY)


def applies_to(criteria, facts=None, who=None):
	return applies(
		Pathway("P", 1, "Discharge", Applicability(**criteria), ()), facts or discharge(), who or patient()
	)


@pytest.mark.parametrize(
	("criteria", "facts", "expected"),
	[
		({}, {}, True),
		({"diagnoses": ("K80",)}, {"diagnoses": (GALLSTONES,)}, True),
		({"diagnoses": ("k80.2",)}, {"diagnoses": (GALLSTONES,)}, True),
		({"diagnoses": ("Z48", "K80")}, {"diagnoses": (Diagnosis("I10"), GALLSTONES)}, True),
		({"diagnoses": ("K8",)}, {"diagnoses": (Diagnosis("", "K8 weird"),)}, True),
		({"diagnoses": ("K80",)}, {"diagnoses": (Diagnosis("K81.0"),)}, False),
		({"diagnoses": ("K80",)}, {}, False),
		({"diagnoses": ("结石",)}, {"diagnoses": (GALLSTONES,)}, True),
		({"diagnoses": ("Gallstones",)}, {"diagnoses": (Diagnosis("", "acute GALLSTONES"),)}, True),
		({"procedures": ("74",)}, {"procedures": (CAESAREAN,)}, False),
		({"procedures": ("剖宫产",)}, {"procedures": (CAESAREAN,)}, True),
		({"departments": ("Surgery", "普外科")}, {"department": "普外科"}, True),
		({"departments": ("surgery",)}, {"department": " Surgery "}, True),
		({"departments": ("Surgery",)}, {"department": "Neurosurgery"}, False),
		({"departments": ("Surgery",)}, {}, False),
		({"diagnoses": ("K80",), "departments": ("Surgery",)}, {"diagnoses": (GALLSTONES,)}, False),
		(
			{"diagnoses": ("K80",), "departments": ("Surgery",)},
			{"diagnoses": (GALLSTONES,), "department": "Surgery"},
			True,
		),
	],
)
def test_applicability(criteria, facts, expected):
	assert applies_to(criteria, discharge(**facts)) is expected


@pytest.mark.parametrize(
	("sex", "expected"), [("Female", True), ("female", True), ("Male", False), (None, False)]
)
def test_sex(sex, expected):
	assert applies_to({"sex": "Female"}, who=patient(sex=sex)) is expected


@pytest.mark.parametrize(
	("born", "expected"),
	[("1961-11-02", True), ("1961-11-03", False), ("1945-11-03", True), ("1945-11-02", False), (None, False)],
)
def test_age_on_the_day_of_discharge(born, expected):
	who = patient(date_of_birth=date.fromisoformat(born) if born else None)
	assert applies_to({"age_from": 65, "age_to": 80}, who=who) is expected


def raw(*steps, anchor=MONDAY, discharged=MONDAY):
	return pathway_contacts(pathway("P", *steps), anchor, discharged, "WeChat", "Follow-up Doctor")


def test_post_operative_time_nodes():
	steps = (step("d2", 2), step("w1", 1, "Week"), step("m1", 1, "Month"), step("m3", 3, "Month"))
	assert [draft.due.isoformat() for draft in raw(*steps)] == [
		"2026-11-04",
		"2026-11-09",
		"2026-12-02",
		"2027-02-02",
	]


def test_the_interval_of_a_step_is_its_window():
	(draft,) = raw(step("w1", 1, "Week", window=3))
	assert (draft.start, draft.due, draft.end) == (date(2026, 11, 6), date(2026, 11, 9), date(2026, 11, 12))


def test_a_window_does_not_reach_back_to_the_day_of_discharge():
	(draft,) = raw(step("d1", 1, window=5))
	assert draft.start == date(2026, 11, 3)


def test_a_step_on_the_day_of_discharge_is_made_on_it():
	(draft,) = raw(step("d0", 0, window=0))
	assert (draft.start, draft.due, draft.end) == (MONDAY, MONDAY, MONDAY)


def test_repeats_count_all_contacts_and_keep_their_names():
	found = raw(step("m", 1, "Month", repeat_every=1, repeat_unit="Month", repeat_count=3))
	assert [draft.due.isoformat() for draft in found] == ["2026-12-02", "2027-01-02", "2027-02-02"]
	assert [draft.origins[0].step_id for draft in found] == ["m", "m#2", "m#3"]


def test_repeated_months_are_counted_from_the_anchor():
	end = date(2026, 12, 31)
	found = raw(
		step("m", 1, "Month", repeat_every=1, repeat_unit="Month", repeat_count=3), anchor=end, discharged=end
	)
	assert [draft.due.isoformat() for draft in found] == ["2027-01-31", "2027-02-28", "2027-03-31"]


def test_repeats_in_another_unit_than_the_offset():
	found = raw(step("x", 3, "Day", repeat_every=2, repeat_unit="Week", repeat_count=3))
	assert [(draft.due - MONDAY).days for draft in found] == [3, 17, 31]


@pytest.mark.parametrize("count", [0, 1])
def test_no_repeats(count):
	assert len(raw(step("x", repeat_every=1, repeat_count=count))) == 1
	assert len(raw(step("x", repeat_every=0, repeat_count=5))) == 1


def test_a_step_without_channel_and_role_takes_those_of_the_cell():
	plain, own = raw(step("a"), step("b", channel="Phone", role="Follow-up Specialist"))
	assert (plain.channel, plain.role) == ("WeChat", "Follow-up Doctor")
	assert (own.channel, own.role) == ("Phone", "Follow-up Specialist")


def test_surgery_is_the_anchor_and_what_the_stay_swallowed_is_left_out():
	facts = discharge(
		procedures=(Procedure("51.23", "", date(2026, 10, 28)), Procedure("01", "", date(2026, 10, 20)))
	)
	steps = (step("d2", 2, window=1), step("w1", 1, "Week", window=3), step("m1", 1, "Month", window=3))
	settings = config(pathways=(pathway("Post-op", *steps, anchor="Surgery"),))
	found = planned("Low", "Low", facts=facts, settings=settings).contacts
	mine = [contact for contact in found if "pathway:Post-op" in contact.sources]
	# Day 2 lay before the discharge; week 1 is 4 November; month 1 is 28 November.
	assert days_after(MONDAY, mine) == [2, 26]


def test_a_step_due_in_hospital_whose_window_is_still_open_follows_the_day_after():
	facts = discharge(procedures=(Procedure("51.23", "", date(2026, 10, 30)),))
	settings = config(pathways=(pathway("Post-op", step("d2", 2, window=2), anchor="Surgery"),))
	found = planned("Low", "Low", facts=facts, settings=settings).contacts
	assert days_after(MONDAY, found) == [1, 7]


def test_birth_is_the_anchor_of_a_child():
	settings = config(pathways=(pathway("Child", step("m1", 1, "Month", window=7), anchor="Birth"),))
	who = patient(date_of_birth=date(2026, 10, 30))
	found = planned("Low", "Low", who=who, settings=settings).contacts
	assert [c.due_date for c in found if "pathway:Child" in c.sources] == [date(2026, 11, 30)]


@pytest.mark.parametrize("anchor", ["Surgery", "Birth", "Enrolment", "Expected Delivery"])
def test_without_its_anchor_a_pathway_is_not_planned(anchor):
	settings = config(pathways=(pathway("P", anchor=anchor),))
	decided = planned(settings=settings)
	assert decided.pathways == ()
	assert all(contact.sources == ("policy",) for contact in decided.contacts)


def test_the_plan_names_the_pathways_that_apply():
	one, other = pathway("A"), pathway("B", departments=("Surgery",))
	assert planned(settings=config(pathways=(other, one))).pathways == ((one, MONDAY),)


def test_a_pathway_in_order():
	assert check(pathway("P", step("a"), step("b"))) == ()


@pytest.mark.parametrize(
	("changed", "field", "code"),
	[
		({"offset": -1}, "offset", "out_of_range"),
		({"offset_unit": "Year"}, "offset_unit", "unknown_value"),
		({"repeat_unit": "Year"}, "repeat_unit", "unknown_value"),
		({"repeat_every": -1}, "repeat_every", "out_of_range"),
		({"repeat_count": 1000}, "repeat_count", "out_of_range"),
		({"window_days": -1}, "window_days", "out_of_range"),
		({"channel": "Pigeon"}, "channel", "unknown_value"),
		({"role": "Nurse"}, "role", "unknown_value"),
		({"id": ""}, "id", "unknown_value"),
		({"id": "a|b"}, "id", "unknown_value"),
		({"id": "a#2"}, "id", "unknown_value"),
		({"id": "first"}, "id", "duplicate"),
	],
)
def test_what_is_wrong_with_a_step(changed, field, code):
	(issue,) = check(pathway("P", step("first"), replace(step("second"), **changed)))
	assert (issue.step, issue.field, issue.code) == (2, field, code)


def test_what_is_wrong_with_a_pathway():
	empty = Pathway("P", 1, "Full Moon", Applicability(), ())
	assert [(issue.code, issue.field) for issue in check(empty)] == [
		("unknown_value", "anchor"),
		("no_steps", ""),
	]


def test_only_a_delivery_is_awaited():
	before = step("w", -12, "Week")
	assert check(pathway("P", before, anchor="Expected Delivery")) == ()
	assert [issue.field for issue in check(pathway("P", before))] == ["offset"]


def test_visits_are_counted_from_the_contacts_own_days_after_the_discharge():
	way = pathway("P", step("a", 2), step("b", 1, "Week", repeat_every=1, repeat_unit="Week", repeat_count=3))
	assert visits(way, MONDAY, MONDAY, {"b": 2}) == (
		("b", MONDAY + timedelta(days=9)),
		("b#2", MONDAY + timedelta(days=16)),
		("b#3", MONDAY + timedelta(days=23)),
	)
	assert [day for _id, day in visits(way, MONDAY, MONDAY + timedelta(days=16), {"b": 2})] == [
		MONDAY + timedelta(days=23)
	]
	assert visits(way, MONDAY, MONDAY, {}) == ()
