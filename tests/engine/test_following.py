"""What people decided about one plan's pathways, beside what the criteria say."""

from __future__ import annotations

from dataclasses import replace

from hospital_followup.engine.facts import Applicability
from hospital_followup.engine.following import Following, followed
from hospital_followup.engine.replan import diff
from tests.engine.factories import MONDAY, after, config, discharge, pathway, patient, planned, step, stored

FITS = pathway("Fits")
OTHERS = replace(pathway("For Others"), applies=Applicability(sex="Other"))


def titles(following=None, known=(FITS, OTHERS)):
	return [(one.title, one.version) for one, _start in ways(following, known)]


def ways(following=None, known=(FITS, OTHERS)):
	return followed(known, following or Following(), discharge(MONDAY), patient())


def test_without_a_word_the_criteria_decide():
	assert titles() == [("Fits", 1)]


def test_an_added_pathway_needs_no_criteria_and_counts_from_its_own_day():
	day = after(MONDAY, 9)
	assert ways(Following(added=((OTHERS, day),))) == ((FITS, MONDAY), (OTHERS, day))


def test_an_added_pathway_that_fits_as_well_is_there_once_with_the_day_that_was_chosen():
	day = after(MONDAY, 9)
	assert ways(Following(added=((FITS, day),))) == ((FITS, day),)


def test_what_has_ended_is_not_followed_whatever_else_is_said():
	assert titles(Following(ended=frozenset({"Fits"}))) == []
	both = Following(added=((OTHERS, MONDAY),), ended=frozenset({"For Others"}))
	assert titles(both) == [("Fits", 1)]


def test_a_plan_keeps_its_version_while_a_newer_one_is_in_use_or_none_at_all():
	newer = replace(FITS, version=2)
	kept = Following(versions=(FITS,))
	assert titles(kept, known=(newer,)) == titles(kept, known=()) == [("Fits", 1)]
	assert titles(known=(newer,)) == [("Fits", 2)]


def test_a_version_that_is_kept_still_asks_for_its_criteria():
	assert titles(Following(versions=(OTHERS,)), known=()) == []


def merged_with(offset, following=None, **more):
	"""Medium risk: the policy calls on day 3; the pathway `offset` days after the discharge, merged with it."""
	settings = config(pathways=(pathway("A", step("a", offset, window=3)),))
	return planned("Medium", "Medium", settings=settings, following=following or Following(), **more)


def test_a_task_stays_when_the_earliest_of_what_it_stands_for_ends():
	(contact,) = merged_with(2).contacts
	assert contact.sources == ("policy", "pathway:A") and "pathway:A" in contact.key
	task = stored(contact, "In Progress")
	without = Following(ended=frozenset({"A"}))
	left = merged_with(2, without, existing=[task], today=MONDAY).contacts
	change = diff([task], left, MONDAY)
	(moved,) = change.move
	assert moved.task is task and moved.contact.sources == ("policy",)
	assert moved.contact.due_date == task.due_date, "somebody is on the phone"
	assert not (change.create or change.cancel or change.reopen)


def test_a_task_stays_when_something_earlier_joins_it():
	without = Following(ended=frozenset({"A"}))
	(contact,) = merged_with(2, without).contacts
	task = stored(contact)
	change = diff([task], merged_with(2, existing=[task], today=MONDAY).contacts, MONDAY)
	(moved,) = change.move
	assert moved.task is task and moved.contact.sources == ("policy", "pathway:A")
	assert not (change.create or change.cancel or change.reopen)


def test_a_task_whose_window_has_passed_is_no_heir():
	(contact,) = merged_with(2).contacts
	task = stored(contact)
	late = after(task.expires_on, 1)
	left = merged_with(2, Following(ended=frozenset({"A"})), existing=[task], today=late).contacts
	change = diff([task], left, late)
	assert change.keep == (task,) and [one.sources for one in change.create] == [("policy",)]
