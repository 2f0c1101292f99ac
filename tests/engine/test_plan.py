"""A whole plan: matrix, numbering, keys, exclusions, late discharges, readmission."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from hospital_followup.engine.model import Config, Policy, ValueFacts
from hospital_followup.engine.plan import exclusion, explain
from hospital_followup.engine.policy import NoRule
from hospital_followup.engine.standard import STANDARD_POLICY
from hospital_followup.engine.tiering import assess
from tests.engine.factories import (
	MONDAY,
	after,
	config,
	days_after,
	discharge,
	only_rule,
	pathway,
	patient,
	planned,
	rule,
	step,
	stored,
	tier,
)

# risk, value: days after Monday 2 November 2026 of every contact, and of the end of every window
PLANS = {
	("High", "High"): ([2, 9, 16, 23], [7, 14, 21, 28]),
	("High", "Medium"): ([2, 9], [7, 14]),
	("High", "Low"): ([2, 9], [7, 14]),
	("Medium", "High"): ([3, 17], [14, 28]),
	("Medium", "Medium"): ([3], [14]),
	("Medium", "Low"): ([3], [14]),
	("Low", "High"): ([7, 37, 68], [30, 61, 92]),
	("Low", "Medium"): ([7, 37], [30, 61]),
	("Low", "Low"): ([7], [30]),
}


@pytest.mark.parametrize(("risk", "value"), PLANS)
def test_every_cell(risk, value):
	decided = planned(risk, value)
	due, ends = PLANS[risk, value]
	assert days_after(MONDAY, decided.contacts) == due
	assert [(contact.expires_on - MONDAY).days for contact in decided.contacts] == ends
	assert (decided.decision, decided.reason) == ("Planned", None)
	assert (decided.policy_rule.risk_tier, decided.policy_rule.value_tier) == (risk, value)
	assert all(contact.opens_on == contact.due_date for contact in decided.contacts)


def test_contacts_are_numbered_by_date_and_named_by_their_step():
	contacts = planned("High", "High").contacts
	assert [contact.sequence for contact in contacts] == [1, 2, 3, 4]
	assert [contact.key for contact in contacts] == [
		f"D1|Discharge|policy|{n}|2026-11-02" for n in (1, 2, 3, 4)
	]
	assert [contact.first_contact for contact in contacts] == [True, False, False, False]
	assert {contact.contact_point for contact in contacts} == {"Patient"}


def test_keys_do_not_depend_on_the_tier_so_that_a_lowered_plan_is_a_difference():
	many = {contact.key for contact in planned("High", "High").contacts}
	few = {contact.key for contact in planned("Medium", "High").contacts}
	assert few < many


def test_the_value_is_never_told_in_a_contact():
	settled = tier("High", "Low")
	contact = planned("High", "Low").contacts[0]
	assert contact.reasons == explain(settled, contact, with_value=False) == ("tier_given",)
	assert explain(settled, contact, with_value=True) == ("tier_given", "value_given", "clinical_floor")


def test_the_clinical_floor_explains_only_what_the_policy_asks_for():
	settings = config(pathways=(pathway("A", step("s", 30, window=1)),))
	settled = tier("High", "Low", settings)
	by_source = {
		c.sources: explain(settled, c, with_value=True)
		for c in planned("High", "Low", settings=settings).contacts
	}
	assert "clinical_floor" in by_source["policy",]
	assert "clinical_floor" not in by_source["pathway:A",]


@pytest.mark.parametrize(
	("facts", "who", "reason"),
	[
		({"disposition": "Deceased"}, {}, "deceased"),
		({"disposition": "Transferred"}, {}, "transferred"),
		({"disposition": "Hospice"}, {}, "hospice"),
		({}, {"status": "Deceased"}, "deceased"),
		({}, {"status": "Do Not Contact"}, "withdrawn"),
		({}, {"opted_out": frozenset({"Phone", "WeChat", "SMS", "Email", "App Push"})}, "withdrawn"),
		({"cancelled": True}, {}, "discharge_cancelled"),
		({"cancelled": True, "disposition": "Deceased"}, {}, "discharge_cancelled"),
	],
)
def test_exclusions(facts, who, reason):
	decided = planned(facts=discharge(**facts), who=patient(**who))
	assert (decided.decision, decided.reason, decided.contacts) == ("Excluded", reason, ())


@pytest.mark.parametrize("disposition", ["Home", "Against Advice", "Other"])
def test_everyone_else_is_planned(disposition):
	assert exclusion(discharge(disposition=disposition), patient(opted_out=frozenset({"Phone"}))) is None
	assert planned(facts=discharge(disposition=disposition)).decision == "Planned"


def test_a_policy_without_the_risk_tier():
	settings = config(policy=Policy("Partial", 1, STANDARD_POLICY.rules[:3]))
	settled = assess(discharge(given_risk_tier="Low"), patient(), ValueFacts("Low"), None, settings)
	assert settled.risk_tier == "Low"
	with pytest.raises(NoRule):
		planned("Low", "Low", settings=settings)


def test_the_default_calendar_is_monday_to_friday():
	assert [Config(STANDARD_POLICY).calendar.is_working(after(MONDAY, n)) for n in range(7)] == [True] * 5 + [
		False
	] * 2


# Late discharges


def test_what_is_past_due_but_in_its_window_is_due_today():
	contacts = planned("High", "High", today=after(MONDAY, 4)).contacts
	assert days_after(MONDAY, contacts) == [4, 9, 16, 23]
	assert [("late_discharge" in contact.reasons) for contact in contacts] == [True, False, False, False]
	assert (contacts[0].opens_on, contacts[0].expires_on) == (after(MONDAY, 4), after(MONDAY, 7))


def test_windows_that_are_gone_are_not_planned():
	contacts = planned("High", "High", today=after(MONDAY, 15)).contacts
	assert days_after(MONDAY, contacts) == [16, 23]
	assert [contact.sequence for contact in contacts] == [1, 2]
	assert contacts[0].key.endswith("policy|3|2026-11-02")


def test_the_last_day_of_a_window_still_counts():
	assert days_after(MONDAY, planned("Medium", "Medium", today=after(MONDAY, 14)).contacts) == [14]
	decided = planned("Medium", "Medium", today=after(MONDAY, 15))
	assert (decided.decision, decided.reason, decided.contacts) == ("Missed", "windows_gone", ())


@pytest.mark.parametrize("days", [0, 1, 2])
def test_in_time_nothing_is_late(days):
	assert planned("High", "High", today=after(MONDAY, days)) == planned("High", "High")


def test_a_late_contact_on_a_closed_day():
	from hospital_followup.engine.calendar import Calendar

	saturday = after(MONDAY, 5)
	weekdays = config(calendar=Calendar())
	assert days_after(MONDAY, planned("Medium", "Medium", settings=weekdays, today=saturday).contacts) == [7]
	contact = planned("High", "High", settings=weekdays, today=saturday).contacts[0]
	assert contact.due_date == saturday
	assert {"late_discharge", "kept_on_closed_day"} <= set(contact.reasons)


def test_a_first_contact_does_not_move_back_into_the_past():
	from hospital_followup.engine.calendar import Calendar

	# Thursday 5 + 2 = Saturday 7: Friday is nearest, but it is Saturday already.
	settings = config(policy=only_rule(rule(1, "Week", 1, 2)), calendar=Calendar())
	contacts = planned("Medium", "Medium", date(2026, 11, 5), settings, today=date(2026, 11, 7)).contacts
	assert [contact.due_date for contact in contacts] == [date(2026, 11, 9)]


# Readmission


def test_contacts_end_on_the_day_of_the_next_admission():
	contacts = planned("High", "High", until=after(MONDAY, 9)).contacts
	assert days_after(MONDAY, contacts) == [2]
	assert days_after(MONDAY, planned("High", "High", until=after(MONDAY, 10)).contacts) == [2, 9]


def test_a_patient_who_is_back_before_the_first_contact_is_excluded():
	decided = planned("High", "High", until=after(MONDAY, 2))
	assert (decided.decision, decided.reason) == ("Excluded", "readmitted")


# A raised tier


def test_another_anchor_starts_the_policy_anew_and_says_so():
	contacts = planned("High", "High", anchor=after(MONDAY, 40)).contacts
	assert days_after(MONDAY, contacts) == [42, 49, 56, 63]
	assert all(contact.reasons == ("tier_given", "reanchored") for contact in contacts)
	assert contacts[0].key == "D1|Discharge|policy|1|2026-12-12"
	assert contacts[0].anchor_date == after(MONDAY, 40)


def test_pathways_keep_counting_from_the_discharge():
	settings = config(pathways=(pathway("A", step("s", 60, window=1)),))
	contacts = planned("High", "High", anchor=after(MONDAY, 40), settings=settings).contacts
	(mine,) = [contact for contact in contacts if contact.sources == ("pathway:A",)]
	assert (mine.due_date, mine.reasons) == (after(MONDAY, 60), ("tier_given",))


def test_numbers_go_on_after_contacts_that_are_done():
	before = planned("High", "High").contacts
	existing = [stored(before[0], "Completed", completed_on=after(MONDAY, 3)), stored(before[1], "Missed")]
	contacts = planned("High", "High", existing=existing, today=after(MONDAY, 15)).contacts
	assert [(contact.sequence, contact.key[-12:-11]) for contact in contacts] == [(3, "3"), (4, "4")]


def test_a_task_is_the_same_whatever_else_the_settings_hold():
	extra = config(pathways=(pathway("Other", departments=("Elsewhere",)),))
	assert planned("High", "High", settings=extra).contacts == planned("High", "High").contacts
	assert replace(extra, pathways=()) == config()


@pytest.mark.parametrize(
	("born", "under", "points"),
	[
		(date(2008, 11, 10), 18, ["Caregiver", "Patient"]),  # eighteen between the two contacts
		(date(2015, 1, 1), 18, ["Caregiver", "Caregiver"]),
		(date(1990, 1, 1), 18, ["Patient", "Patient"]),
		(date(2009, 11, 10), 16, ["Patient", "Patient"]),
		(date(2015, 1, 1), 0, ["Patient", "Patient"]),
		(None, 18, ["Patient", "Patient"]),
	],
)
def test_the_guardian_is_contacted_below_the_age_of_the_settings(born, under, points):
	decided = planned(
		"High", "Medium", settings=config(guardian_under_age=under), who=patient(date_of_birth=born)
	)
	assert [contact.contact_point for contact in decided.contacts] == points
