"""Life-long programmes: the contacts of all enrolments of a patient, around the patient's other plans."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations

import pytest

from hospital_followup.engine.model import ExistingTask
from hospital_followup.engine.programme import plan_programmes
from hospital_followup.engine.programme_course import Enrolled
from hospital_followup.engine.replan import diff
from tests.engine.factories import MONDAY, after, config, patient, step, weekdays_except
from tests.engine.factories import pathway as make_pathway

HORIZON = timedelta(days=90)


def pathway(title, *steps, **more):
	return make_pathway(title, *steps, anchor=more.pop("anchor", "Enrolment"), **more)


def monthly(title="Hypertension", window=3, **more):
	repeat = {"repeat_every": 1, "repeat_unit": "Month", "repeat_count": 12}
	return pathway(title, step("monthly", 1, "Month", window=window, **repeat, **more))


def enrolled(one, anchor=MONDAY, on=None, key=None):
	return Enrolled(key or f"{one.title}|{anchor}|Programme", one, anchor, on or anchor)


def plan(*entries, today=MONDAY, until=None, settings=None, who=None, **more):
	settings = settings or config()
	return plan_programmes(
		entries, who or patient(), settings, today=today, until=until or today + HORIZON, **more
	)


def all_of(decision):
	return [contact for own in decision.contacts.values() for contact in own]


def days(decision):
	return sorted(contact.due_date for contact in all_of(decision))


def stored(contact, status="Scheduled", **more):
	return ExistingTask(
		**{
			name: getattr(contact, name)
			for name in (
				*("key", "due_date", "opens_on", "expires_on", "channel", "role", "topics", "sources"),
				*("reasons", "sequence", "script", "questionnaire"),
			)
		},
		status=status,
		covers=tuple(origin.key("") for origin in contact.origins),
		**more,
	)


def host(day, key="D1|Discharge|policy|1|2026-11-02", **more):
	return ExistingTask(
		key=key,
		**{
			"status": "Scheduled",
			"due_date": day,
			"opens_on": day,
			"expires_on": after(day, 5),
			"channel": "WeChat",
			"role": "Follow-up Specialist",
			"topics": ("Condition",),
			"sources": ("policy",),
			"covers": (key,),
			**more,
		},
	)


def joined(task, join):
	"""The host as stored after `join`: its own values stay apart, the guests stand in `covers`."""
	return replace(task, covers=(task.key, *(origin.key("") for origin in join.origins)))


class TestOnItsOwn:
	def test_only_what_is_inside_the_horizon_is_made(self):
		decision = plan(enrolled(monthly()))
		assert [day.isoformat() for day in days(decision)] == ["2026-12-02", "2027-01-02"]

	def test_planning_looks_again_when_the_next_contact_comes_into_the_horizon(self):
		one = enrolled(monthly())
		until = plan(one).planned_until[one.key]
		assert len(days(plan(one, today=until))) == 2
		assert len(days(plan(one, today=until + timedelta(days=1)))) == 3

	def test_a_yearly_check_up_is_looked_at_once_a_year(self):
		yearly = {"repeat_every": 12, "repeat_unit": "Month", "repeat_count": 40}
		one = enrolled(pathway("Check-up", step("year", 12, "Month", window=30, **yearly)))
		decision = plan(one)
		assert (days(decision), decision.planned_until[one.key]) == (
			[],
			date(2027, 11, 2) - HORIZON - timedelta(days=1),
		)

	def test_nothing_is_due_before_the_enrolment(self):
		born = date(2025, 11, 2)
		child = pathway(
			"Child",
			step("m1", 1, "Month", window=7),
			step("m12", 12, "Month", window=14),
			step("m13", 13, "Month", window=7),
			anchor="Birth",
		)
		on = date(2026, 11, 10)
		found = days(plan(enrolled(child, born, on), today=on))
		assert [day.isoformat() for day in found] == ["2026-11-10", "2026-12-02"]

	@pytest.mark.parametrize(
		("unit", "count", "expected"),
		[("Month", 12, "2025-02-28"), ("Month", 48, "2028-02-29"), ("Month", 1, "2024-03-29")],
	)
	def test_a_leap_day_birth_keeps_the_end_of_february(self, unit, count, expected):
		born = date(2024, 2, 29)
		child = pathway("Child", step("one", count, unit), anchor="Birth")
		found = days(plan(enrolled(child, born), today=born, until=date(2030, 1, 1)))
		assert [day.isoformat() for day in found] == [expected]

	def test_a_course_that_has_ended_is_over(self):
		one = enrolled(pathway("Short", step("day2", 2)))
		assert not plan(one).over
		(contact,) = all_of(plan(one))
		done = stored(contact, "Completed", completed_on=contact.due_date)
		assert plan(one, today=after(MONDAY, 5), existing=[done]).over == {one.key}

	def test_a_missed_contact_is_not_made_again(self):
		one = enrolled(monthly())
		first, second = all_of(plan(one))
		again = plan(one, today=first.due_date, existing=[stored(first, "Missed"), stored(second)])
		assert first.key not in {contact.key for contact in all_of(again)}

	def test_a_contact_keeps_its_number_while_the_programme_rolls_on(self):
		one = enrolled(monthly())
		first, second = all_of(plan(one))
		later = plan(one, today=first.due_date, existing=[stored(first, "Completed"), stored(second)])
		assert [contact.sequence for contact in all_of(later)] == [2, 3, 4]
		assert (first.sequence, second.sequence) == (1, 2)

	def test_who_opted_out_of_everything_has_no_contacts(self):
		who = patient(opted_out=frozenset({"Phone", "WeChat", "SMS", "Email", "App Push"}))
		assert all_of(plan(enrolled(monthly()), who=who)) == []

	def test_the_caregiver_is_contacted_for_a_child(self):
		who = patient(date_of_birth=MONDAY)
		assert {contact.contact_point for contact in all_of(plan(enrolled(monthly()), who=who))} == {
			"Caregiver"
		}


class TestTogether:
	ENTRIES = (
		enrolled(monthly("Hypertension", topics=("Condition",))),
		enrolled(monthly("Diabetes", topics=("Guidance",)), after(MONDAY, 1)),
		enrolled(monthly("Elderly", topics=("Care",)), after(MONDAY, 5)),
	)

	def test_two_programmes_that_fall_together_are_one_contact(self):
		decision = plan(*self.ENTRIES[:2])
		first = min(all_of(decision), key=lambda contact: contact.due_date)
		assert first.sources == ("programme:Diabetes", "programme:Hypertension")
		assert first.topics == ("Condition", "Guidance")
		assert {origin.plan for origin in first.origins} == {one.key for one in self.ENTRIES[:2]}

	def test_the_order_of_enrolments_does_not_matter(self):
		expected = plan(*self.ENTRIES)
		for entries in permutations(self.ENTRIES):
			decision = plan(*entries)
			assert set(all_of(decision)) == set(all_of(expected))
			assert decision.planned_until == expected.planned_until

	def test_planning_twice_changes_nothing(self):
		task = host(after(MONDAY, 31))
		first = plan(*self.ENTRIES, hosts=[task])
		tasks = [stored(contact) for contact in all_of(first)]
		(join,) = first.joins
		second = plan(*self.ENTRIES, existing=tasks, hosts=[joined(task, join)])
		assert second.joins == first.joins
		assert diff(tasks, all_of(second), MONDAY).empty

	def test_two_pregnancies_of_one_pathway_stay_apart(self):
		one = pathway("Antenatal", step("w1", 1, "Week"), anchor="Expected Delivery")
		decision = plan(enrolled(one), enrolled(one, after(MONDAY, 3)))
		assert len(all_of(decision)) == 2


class TestHosts:
	def test_a_contact_joins_the_open_contact_of_another_plan(self):
		one = enrolled(monthly(topics=("Guidance",), channel="Phone", role="Follow-up Doctor"))
		decision = plan(one, hosts=[host(date(2026, 12, 3))])
		(join,) = decision.joins
		assert (join.channel, join.role, join.topics) == (
			"Phone",
			"Follow-up Doctor",
			("Condition", "Guidance"),
		)
		assert join.expires_on == date(2026, 12, 5)
		assert join.reasons == ("merged",)
		assert [contact.due_date for contact in all_of(decision)] == [date(2027, 1, 2)]

	def test_a_host_keeps_the_more_personal_channel_and_its_own_texts(self):
		one = enrolled(monthly(script="Blood pressure", questionnaire="BP", channel="SMS"))
		task = host(date(2026, 12, 2), channel="Phone", script="After surgery")
		(join,) = plan(one, hosts=[task]).joins
		assert (join.channel, join.script, join.questionnaire) == ("Phone", "After surgery", "BP")

	def test_a_contact_too_far_away_is_made_by_itself(self):
		decision = plan(enrolled(monthly()), hosts=[host(date(2026, 12, 5))])
		assert not decision.joins and len(all_of(decision)) == 2

	def test_surplus_over_the_cap_joins_its_neighbour(self):
		busy = [host(date(2026, 12, day), key=f"h{day}") for day in (2, 4, 6)]
		one = enrolled(monthly(window=0), after(MONDAY, 3))
		decision = plan(one, hosts=busy, settings=config(merge_within_days=0))
		(join,) = decision.joins
		assert (join.host, join.reasons) == ("h4", ("merged", "capped"))

	def test_nobody_is_moved_by_a_programme(self):
		task = host(date(2026, 12, 2))
		decision = plan(enrolled(monthly()), hosts=[task])
		assert task.key not in {contact.key for contact in all_of(decision)}

	def test_a_host_on_the_phone_is_left_alone_with_its_guests(self):
		one = enrolled(monthly())
		task = host(date(2026, 12, 2))
		(join,) = plan(one, hosts=[task]).joins
		calling = replace(joined(task, join), status="In Progress")
		decision = plan(one, today=date(2026, 12, 2), hosts=[calling])
		assert decision.joins == () and decision.untouched == {task.key}
		assert date(2026, 12, 2) not in days(decision)

	def test_a_late_host_keeps_its_guests(self):
		one = enrolled(monthly())
		task = host(date(2026, 12, 2))
		(join,) = plan(one, hosts=[task]).joins
		decision = plan(one, today=date(2026, 12, 4), hosts=[joined(task, join)])
		assert [found.origins for found in decision.joins] == [join.origins]

	@pytest.mark.parametrize(
		("often", "once", "beside", "busy", "within_days"),
		[
			((2, 2), (12, 3), False, (14, 17), 0),
			((3, 3), (3, 1), True, (16, 23), 0),
			((4, 2), (6, 1), True, (16,), 4),
		],
		ids=["carried for want of room", "one late and one not", "beyond its window"],
	)
	def test_what_waits_with_a_host_stays_where_it_is(self, often, once, beside, busy, within_days):
		"""Found by the properties: one guest is late, the others of the same host are decided with it."""
		begins, today = date(2028, 3, 6), date(2028, 2, 28)
		(offset, every), (second, window) = often, once
		rhythm = step("often", offset, window=3, repeat_every=every, repeat_count=4)
		entries = [enrolled(pathway("Wound", rhythm, step("once", second, window=window)), begins)]
		if beside:
			entries.append(enrolled(pathway("Dose", step("dose", 11, window=0)), after(begins, -1)))
		settings = config(merge_within_days=within_days)
		if beside:
			settings = replace(settings, calendar=weekdays_except())
		tasks = [host(after(today, day), f"h{day}", expires_on=after(today, day)) for day in busy]
		first = plan(*entries, today=today, settings=settings, hosts=tasks)
		guests = {join.host: join for join in first.joins}
		assert guests
		waiting = [joined(task, guests[task.key]) if task.key in guests else task for task in tasks]
		made = [stored(contact) for contact in all_of(first)]
		day = date(2028, 3, 13)
		again = plan(
			*entries, today=day, until=today + HORIZON, settings=settings, existing=made, hosts=waiting
		)
		assert set(again.joins) == set(first.joins)
		assert diff([task for task in made if task.expires_on >= day], all_of(again), day).empty

	def test_a_call_that_goes_on_is_left_alone_when_the_patient_wants_nothing_more(self):
		calling = host(date(2026, 12, 2), status="In Progress")
		decision = plan(enrolled(monthly()), hosts=[calling], who=patient(status="Do Not Contact"))
		assert decision.untouched == {calling.key} and not decision.joins

	def test_a_completed_host_has_made_the_contact(self):
		one = enrolled(monthly())
		task = host(date(2026, 12, 2))
		(join,) = plan(one, hosts=[task]).joins
		done = replace(joined(task, join), status="Completed", completed_on=date(2026, 12, 2))
		decision = plan(one, today=date(2026, 12, 3), existing=[done])
		assert [day.isoformat() for day in days(decision)][:2] == ["2027-01-02", "2027-02-02"]

	def test_the_guests_of_a_host_that_is_gone_are_made_again(self):
		one = enrolled(monthly())
		assert plan(one, hosts=[host(date(2026, 12, 2))]).joins
		assert days(plan(one))[0] == date(2026, 12, 2)

	def test_completed_contacts_of_other_plans_count_for_the_cap(self):
		decision = plan(enrolled(monthly()), taken=[date(2026, 12, 2)])
		assert days(decision)[0] == date(2026, 12, 3)
