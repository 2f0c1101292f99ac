"""Planning again: done stays, open moves, surplus is cancelled with a reason (rules.md, Planning again)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from hospital_followup.engine.replan import diff
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
)


def tasks(contacts, status="Scheduled"):
	return [stored(contact, status) for contact in contacts]


def again(existing, today, risk="High", value="High", **more):
	decided = planned(risk, value, today=today, existing=existing, **more)
	return diff(existing, decided.contacts, today)


def summary(change):
	return {
		"create": [contact.step_id for contact in change.create],
		"move": [moved.task.key.split("|")[3] for moved in change.move],
		"reopen": [moved.task.key.split("|")[3] for moved in change.reopen],
		"keep": [task.key.split("|")[3] for task in change.keep],
		"cancel": [(gone.task.key.split("|")[3], gone.reason) for gone in change.cancel],
	}


@pytest.mark.parametrize("days", range(0, 40, 3))
def test_nothing_changed_means_no_difference_on_any_day(days):
	existing = tasks(planned("High", "High").contacts)
	assert again(existing, after(MONDAY, days)).empty


def test_a_lowered_tier_keeps_what_it_still_asks_for():
	existing = tasks(planned("High", "High").contacts)
	change = again(existing, MONDAY, "Medium", "High")
	assert summary(change) == {
		"create": [],
		"move": ["1", "2"],
		"reopen": [],
		"keep": [],
		"cancel": [("3", "replanned"), ("4", "replanned")],
	}
	first, _ = change.move
	assert set(first.fields) == {"due_date", "opens_on", "expires_on", "role"}
	assert (first.contact.due_date, first.contact.role) == (after(MONDAY, 3), "Follow-up Specialist")


def test_a_raised_tier_starts_anew_from_its_day():
	before = planned("Low", "Low").contacts
	day = after(MONDAY, 10)
	existing = [stored(before[0], "Completed", completed_on=after(MONDAY, 7))]
	change = again(existing, day, "High", "High", anchor=day)
	assert days_after(MONDAY, change.create) == [12, 19, 26, 33]
	assert [task.status for task in change.keep] == ["Completed"]
	assert not change.cancel


@pytest.mark.parametrize("status", ["Completed", "Missed", "Skipped"])
def test_what_is_done_is_neither_made_again_nor_changed(status):
	first, *others = tasks(planned("High", "High").contacts)
	existing = [replace(first, status=status, completed_on=after(MONDAY, 2)), *others]
	change = again(existing, after(MONDAY, 3))
	assert change.empty
	assert len(change.keep) == 4


def test_a_cancelled_task_opens_again_when_it_is_wanted_again():
	existing = tasks(planned("High", "High").contacts, "Cancelled")
	change = again(existing, MONDAY)
	assert summary(change)["reopen"] == ["1", "2", "3", "4"]
	assert not change.create


def test_a_cancelled_task_that_nobody_wants_is_left_alone():
	existing = tasks(planned("High", "High").contacts, "Cancelled")
	change = again(existing, MONDAY, "Low", "Low")
	assert summary(change)["reopen"] == ["1"]
	assert not change.cancel


def test_an_overdue_task_is_not_made_to_look_on_time():
	existing = tasks(planned("High", "High").contacts, "Open")
	change = again(existing, after(MONDAY, 5), who=patient(preferred_channel="Home Visit"))
	first = change.move[0]
	assert first.fields == ("channel", "reasons")
	assert first.contact.due_date == after(MONDAY, 2)


def test_an_open_task_whose_window_passed_is_left_to_the_job_that_marks_it_missed():
	existing = tasks(planned("High", "High").contacts, "Open")
	change = again(existing, after(MONDAY, 8), "Low", "Low")
	kept = [task for task in change.keep if task.expires_on < after(MONDAY, 8)]
	assert [task.key.split("|")[3] for task in kept] == ["1"]


def test_a_date_that_a_person_chose_stays():
	first, *others = tasks(planned("High", "High").contacts)
	moved = replace(
		first,
		due_date=after(MONDAY, 6),
		opens_on=after(MONDAY, 6),
		pinned=True,
		reasons=(*first.reasons, "rescheduled"),
	)
	assert again([moved, *others], MONDAY).empty
	later = replace(moved, due_date=after(MONDAY, 9), opens_on=after(MONDAY, 9), expires_on=after(MONDAY, 10))
	change = again([later, *others], MONDAY)
	(fixed,) = [
		c for c in planned("High", "High", existing=[later, *others], today=MONDAY).contacts if "|1|" in c.key
	]
	assert (fixed.due_date, fixed.expires_on) == (after(MONDAY, 9), after(MONDAY, 10))
	# The second contact would fall on the same day and makes room.
	assert [
		(m.task.key.split("|")[3], m.contact.due_date) for m in change.move if "due_date" in m.fields
	] == [("2", after(MONDAY, 10))]


def test_an_overdue_task_whose_window_new_rules_end_is_not_made_missed():
	weekly, short = only_rule(rule(1, "Week", 1, 2)), only_rule(rule(3, "Day", 1, 2))
	(first,) = tasks(planned(settings=config(policy=weekly)).contacts)
	assert first.expires_on == after(MONDAY, 7)
	change = again([first], after(MONDAY, 5), "Medium", "Medium", settings=config(policy=short))
	assert [gone.reason for gone in change.cancel] == ["replanned"]
	# Who is being called is called: the window that the call began in holds.
	calling = replace(first, status="In Progress")
	assert again([calling], after(MONDAY, 5), "Medium", "Medium", settings=config(policy=short)).empty


def test_a_task_somebody_is_working_on_keeps_its_date():
	first, *others = tasks(planned("High", "High").contacts, "In Progress")
	change = again([first, *others], MONDAY, "Medium", "High")
	assert [moved.contact.due_date for moved in change.move] == [after(MONDAY, 2), after(MONDAY, 9)]


def test_a_corrected_date_moves_everything_but_does_not_repeat_a_contact():
	before = planned("High", "High").contacts
	existing = [stored(before[0], "Completed", completed_on=after(MONDAY, 2)), *tasks(before[1:])]
	new_day = after(MONDAY, 1)
	change = again(existing, after(MONDAY, 3), facts=discharge(new_day))
	assert days_after(new_day, change.create) == [9, 16, 23]
	assert [gone.reason for gone in change.cancel] == ["replanned"] * 3


def test_completed_contacts_count_in_the_cap_on_the_day_they_were_made():
	settings = config(
		policy=only_rule(rule(1, "Week", 1, 2)), pathways=(pathway("A", step("s", 6, window=3)),)
	)
	first, second = planned(settings=settings).contacts
	existing = [stored(first, "Completed", completed_on=datetime(2026, 11, 8, 10, 0)), stored(second)]  # noqa: DTZ001
	contacts = planned(settings=settings, existing=existing, today=after(MONDAY, 6)).contacts
	assert (days_after(MONDAY, contacts), contacts[0].reasons[-1]) == ([7], "capped")


def test_a_new_pathway_joins_what_is_there():
	existing = tasks(planned("Medium", "Medium").contacts)
	settings = config(pathways=(pathway("A", step("a", 4, window=2), step("b", 20, window=2)),))
	change = again(existing, MONDAY, "Medium", "Medium", settings=settings)
	assert summary(change)["create"] == ["b"]
	(joined,) = change.move
	assert "sources" in joined.fields
	assert joined.contact.sources == ("policy", "pathway:A")


def test_a_task_that_another_one_now_carries_is_cancelled_as_merged():
	apart = config(pathways=(pathway("A", step("a", 4, window=2)),), merge_within_days=0)
	existing = tasks(planned("Medium", "Medium", settings=apart).contacts)
	assert len(existing) == 2
	together = config(pathways=apart.pathways)
	change = again(existing, MONDAY, "Medium", "Medium", settings=together)
	assert summary(change)["cancel"] == [("a", "merged")]


def test_a_merged_task_stays_whole_after_it_is_done():
	settings = config(pathways=(pathway("A", step("a", 4, window=2)),))
	(merged,) = planned("Medium", "Medium", settings=settings).contacts
	existing = [stored(merged, "Completed", completed_on=after(MONDAY, 3))]
	assert again(existing, after(MONDAY, 3), "Medium", "Medium", settings=settings).empty


def test_a_merged_task_that_was_missed_speaks_for_the_rest_only_while_it_is_wanted_itself():
	settings = config(pathways=(pathway("A", step("a", 4, window=2)),))
	(merged,) = planned("Medium", "Medium", settings=settings).contacts
	existing = [stored(merged, "Missed")]
	day = after(MONDAY, 7)
	assert not planned(settings=settings, existing=existing, today=day).contacts
	# The pathway that it was made for has ended: the policy's contact has its own, longer window.
	carrier = replace(existing[0], key=merged.origins[1].key("D1|Discharge"))
	assert carrier.key != merged.key
	(left,) = planned(existing=[carrier], today=day).contacts
	assert left.sources == ("policy",)


def test_late_contacts_do_not_move_again_the_next_day():
	day = after(MONDAY, 4)
	existing = tasks(planned("High", "High", today=day).contacts)
	for later in (day, after(MONDAY, 5), after(MONDAY, 6)):
		assert again(existing, later).empty


def test_notes_of_the_site_beside_the_reasons_are_not_a_difference():
	first, *others = tasks(planned("High", "High").contacts)
	assert again([replace(first, reasons=(*first.reasons, "called_back")), *others], MONDAY).empty


def test_without_a_day_every_surplus_task_is_cancelled():
	existing = tasks(planned("High", "High").contacts)
	change = diff(existing, planned("Low", "Low").contacts)
	assert len(change.cancel) == 3
	assert len(change.move) == 1


def test_an_empty_difference_says_so():
	assert diff([], []).empty
	assert not diff([], planned().contacts).empty
