"""Sharing out contacts: continuity first, then the emptiest day; nobody is left without an owner for lack of room."""

from __future__ import annotations

from collections import Counter

import pytest

from hospital_followup.engine.assignment import Load, Pool, Unowned, assign

CALLS = Pool("Follow-up Specialist", "Surgery")
DOCTOR = Pool("Follow-up Doctor", "Surgery")


def contacts(count: int, *, pool: Pool = CALLS, start: int = 0, **more: object) -> list[Unowned]:
	return [Unowned(f"T{n}", pool, f"P{n}", **more) for n in range(start, start + count)]


def test_even_shares_for_equal_people():
	result = assign(contacts(30), {CALLS: ["a", "b", "c"]}, {user: Load(25) for user in "abc"})
	assert Counter(result.owners.values()) == {"a": 10, "b": 10, "c": 10}
	assert not result.unowned
	assert not result.overloaded


def test_who_has_much_already_gets_less():
	result = assign(contacts(6), {CALLS: ["a", "b"]}, {"a": Load(25, 6), "b": Load(25)})
	assert Counter(result.owners.values()) == {"b": 6}


def test_half_the_capacity_gets_half_the_work():
	result = assign(contacts(30), {CALLS: ["full", "half"]}, {"full": Load(20), "half": Load(10)})
	assert Counter(result.owners.values()) == {"full": 20, "half": 10}


def test_the_earlier_caller_keeps_the_patient_while_there_is_room():
	people = {CALLS: ["a", "b"]}
	known = contacts(1, previous=("b",))
	assert assign(known, people, {"a": Load(25), "b": Load(25, 24)}).owners == {"T0": "b"}
	assert assign(known, people, {"a": Load(25), "b": Load(25, 25)}).owners == {"T0": "a"}


@pytest.mark.parametrize("previous", [("gone",), ("gone", "b"), ()])
def test_an_earlier_caller_who_may_not_take_it_is_passed_over(previous):
	owners = assign(
		contacts(1, previous=previous), {CALLS: ["a", "b"]}, {"a": Load(9, 3), "b": Load(9, 3)}
	).owners
	assert owners == {"T0": "b" if "b" in previous else "a"}


def test_one_patient_is_called_by_one_person():
	twice = [Unowned("T1", CALLS, "P"), Unowned("T2", CALLS, "P")]
	assert len(set(assign(twice, {CALLS: ["a", "b"]}, {"a": Load(9), "b": Load(9)}).owners.values())) == 1


def test_everybody_full_still_gives_an_owner_and_says_who_is_overloaded():
	result = assign(contacts(4), {CALLS: ["a", "b"]}, {"a": Load(2, 2), "b": Load(3, 2)})
	assert len(result.owners) == 4
	assert result.overloaded == {"a", "b"}


def test_without_people_the_contact_stays_unowned_and_the_others_go_on():
	result = assign(
		[*contacts(1, pool=DOCTOR), *contacts(2, start=1)], {CALLS: ["a"], DOCTOR: []}, {"a": Load(25)}
	)
	assert result.unowned == ["T0"]
	assert result.owners == {"T1": "a", "T2": "a"}


def test_capacity_zero_takes_nothing():
	assert assign(contacts(1), {CALLS: ["a"]}, {"a": Load(0)}).unowned == ["T0"]


def test_one_person_in_two_pools_is_counted_once():
	people = {CALLS: ["a", "b"], DOCTOR: ["b"]}
	work = [*contacts(4, pool=DOCTOR), *contacts(4, start=4)]
	shared = Counter(assign(work, people, {"a": Load(10), "b": Load(10)}).owners.values())
	assert shared == {"a": 4, "b": 4}


def test_the_same_input_gives_the_same_result_and_the_loads_stay_as_they_were():
	loads = {"a": Load(5, 1), "b": Load(5)}
	first = assign(contacts(7), {CALLS: ["b", "a"]}, loads)
	assert first == assign(contacts(7), {CALLS: ["a", "b"]}, loads)
	assert (loads["a"].contacts, loads["b"].contacts) == (1, 0)
