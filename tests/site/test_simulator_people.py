"""Who is there for the work that is simulated, and the refusal of what makes more than they can do."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import frappe
import pytest
from frappe.utils import getdate

from hospital_followup.engine.simulation import Strength
from hospital_followup.exceptions import OverCapacityError
from hospital_followup.services import policies, simulation_staff
from hospital_followup.services.simulation_answer import answer
from hospital_followup.services.simulation_choice import read_question
from hospital_followup.tests import factories
from tests.site.message_samples import every_day
from tests.site.rights import DR, SP
from tests.site.simulations import day, dense_policy, pathway, question
from tests.stack.users import make_user

SETTINGS = "Follow-up Settings"
MONDAY = getdate("2026-11-02")
SATURDAY, SUNDAY = MONDAY + timedelta(days=5), MONDAY + timedelta(days=6)


@pytest.fixture(autouse=True)
def _hospital(site: Any) -> None:
	frappe.db.delete("Patient Discharge")
	frappe.db.delete("Follow-up Staff")
	frappe.db.delete("Duty Roster")
	frappe.db.set_single_value(SETTINGS, "default_calendar", None)
	factories.standard_policy()


def somebody(*departments: str, role: str = SP, **values: Any) -> Any:
	return factories.staff(make_user(role), *departments, role=role, **values)


def there(date: Any, role: str = SP, departments: Any = None) -> Strength:
	return simulation_staff.staffing(date, date, departments)[date, role]


def on_duty(date: Any, user: str, role: str = SP, department: str | None = None) -> None:
	values = {"date": date, "role": role, "user": user, "department": department}
	frappe.get_doc({"doctype": "Duty Roster", **values}).insert()


def test_everybody_with_their_own_capacity() -> None:
	somebody(capacity_per_day=10)
	somebody(capacity_per_day=25)
	somebody(capacity_per_day=40, enabled=0)
	somebody(role=DR, capacity_per_day=5)
	assert there(MONDAY) == Strength(2, 35)
	assert there(MONDAY, DR) == Strength(1, 5)


def test_absences_count_on_their_days() -> None:
	somebody(capacity_per_day=10)
	away = {"from_date": MONDAY + timedelta(days=1), "to_date": MONDAY + timedelta(days=2), "reason": "Leave"}
	somebody(capacity_per_day=25, absences=[away])
	found = simulation_staff.staffing(MONDAY, MONDAY + timedelta(days=3), None)
	assert [found[MONDAY + timedelta(days=number), SP].capacity for number in range(4)] == [35, 10, 10, 35]


def test_nobody_before_the_first_day_alone() -> None:
	somebody(joined_on=MONDAY, solo_from=MONDAY + timedelta(days=1))
	assert there(MONDAY).people == 0
	assert there(MONDAY + timedelta(days=1)).people == 1


def test_on_a_closed_day_only_the_duty_roster() -> None:
	colleague = somebody(capacity_per_day=10)
	somebody(capacity_per_day=25)
	on_duty(SUNDAY, colleague.user)
	assert there(SATURDAY) == Strength(0, 0, closed=True)
	assert there(SUNDAY) == Strength(1, 10, closed=True)


def test_a_public_holiday_is_a_closed_day_and_a_swapped_saturday_is_none() -> None:
	somebody(capacity_per_day=10)
	calendar = {
		"doctype": "Follow-up Calendar",
		"title": "Ward",
		**dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), 1),
		"exceptions": [{"date": MONDAY, "working": 0}, {"date": SATURDAY, "working": 1}],
	}
	name = frappe.get_doc(calendar).insert().name
	frappe.db.set_single_value(SETTINGS, "default_calendar", name)
	assert (there(MONDAY).people, there(SATURDAY).people) == (0, 1)


def test_the_people_of_a_department_and_who_serves_all() -> None:
	ward, other = factories.department("Cardiology"), factories.department("Eyes")
	somebody(ward, capacity_per_day=10)
	somebody(other, capacity_per_day=100)
	somebody(capacity_per_day=20)
	assert there(MONDAY, departments=(ward,)) == Strength(2, 30)
	assert there(MONDAY, departments=(ward, other)) == Strength(3, 130)
	assert there(MONDAY) == Strength(3, 130)


def test_a_department_that_is_open_on_saturday_has_its_people_there() -> None:
	open_ward = factories.department("Emergency", calendar=every_day())
	somebody(open_ward, capacity_per_day=10)
	somebody(factories.department("Eyes"), capacity_per_day=100)
	assert there(SATURDAY) == Strength(1, 10)
	assert there(SATURDAY, departments=(open_ward,)) == Strength(1, 10)


def test_who_is_on_duty_for_another_department_is_not_there_for_this_one() -> None:
	ward, other = factories.department("Cardiology"), factories.department("Eyes")
	colleague = somebody(capacity_per_day=10)
	on_duty(SATURDAY, colleague.user, department=other)
	assert there(SATURDAY, departments=(ward,)).people == 0
	assert there(SATURDAY, departments=(other,)).people == 1


def overloads(policy: str) -> list[tuple[str, int, int, int, int]]:
	found = answer(read_question(question(policy, from_date=day(-30), to_date=day(-1))))
	rows = sorted(found["overloads"], key=lambda row: row["date"])
	return [
		(str(row["date"]), row["contacts"], row["people"], row["capacity"], row["missing"]) for row in rows
	]


def leave_home(count: int, number: int = -20) -> None:
	for _number in range(count):
		factories.discharge(discharge_date=day(number))


def open_always() -> None:
	frappe.db.set_single_value(SETTINGS, "default_calendar", every_day())


def test_the_days_over_capacity_with_how_many_are_missing() -> None:
	open_always()
	frappe.db.set_single_value(SETTINGS, "capacity_per_day", 2)
	draft = dense_policy()
	leave_home(5)
	away = {"from_date": day(-18), "to_date": day(-18), "reason": "Leave"}
	somebody(capacity_per_day=4)
	somebody(capacity_per_day=1, absences=[away])
	# Five calls on each of three days: five can be done, on the second day only four.
	assert overloads(draft.name) == [(str(day(-18)), 5, 1, 4, 1)]


def refuse(on: bool = True) -> None:
	frappe.db.set_single_value(SETTINGS, "refuse_activation_over_capacity", int(on))
	frappe.clear_document_cache(SETTINGS, SETTINGS)


def test_a_policy_over_capacity_is_refused_with_the_figures() -> None:
	open_always()
	leave_home(5)
	somebody(capacity_per_day=4)
	somebody(role=DR, capacity_per_day=50)
	draft = dense_policy()
	refuse()
	with pytest.raises(OverCapacityError) as refusal:
		policies.activate(draft.name)
	words = str(refusal.value)
	for expected in (draft.name, "5 calls and visits, 1 people there for 4", "on 3 day(s)"):
		assert expected in words
	assert "Duty Roster" in words and "Refuse Activation Over Capacity" in words
	assert frappe.db.get_value("Follow-up Policy", draft.name, "status") == "Draft"


def test_it_is_activated_when_the_setting_is_off_or_there_are_enough_people() -> None:
	open_always()
	leave_home(5)
	somebody(capacity_per_day=4)
	somebody(role=DR, capacity_per_day=50)
	first, second = dense_policy("First"), dense_policy("Second")
	policies.activate(first.name)
	refuse()
	somebody(capacity_per_day=1)
	policies.activate(second.name)
	assert frappe.db.get_value("Follow-up Policy", second.name, "status") == "Active"


def test_what_eases_the_load_may_come() -> None:
	"""A hospital that is over capacity today must be able to do less."""
	open_always()
	leave_home(5)
	somebody(capacity_per_day=4)
	policies.activate(dense_policy("Dense").name)
	lighter = dense_policy("Lighter")
	for row in lighter.rules:
		row.contacts = 2
	lighter.save()
	same = dense_policy("Same")
	refuse()
	with pytest.raises(OverCapacityError):
		policies.activate(same.name)
	policies.activate(lighter.name)


def test_what_is_changed_and_activated_at_once_is_what_is_simulated() -> None:
	open_always()
	leave_home(5)
	somebody(capacity_per_day=4)
	somebody(role=DR, capacity_per_day=50)
	draft = factories.policy("Changed", activate=False)
	refuse()
	for row in draft.rules:
		row.update({"interval": 1, "interval_unit": "Day", "contacts": 5, "first_contact_day": 1})
		row.role = SP
	draft.status = "Active"
	with pytest.raises(OverCapacityError):
		draft.save()


def test_a_pathway_over_capacity_is_refused_too() -> None:
	open_always()
	for _number in range(5):
		factories.discharge(discharge_date=day(-20), diagnoses=[{"code": "K80.2"}])
	somebody(capacity_per_day=50)
	somebody(role=DR, capacity_per_day=6)
	step = {"title": "Daily", "offset": 12, "channel": "Phone", "role": DR, "window_days": 0}
	few = pathway("Few", steps=[step], diagnoses=[{"code": "K80"}])
	many = pathway(
		"Many",
		steps=[{**step, "offset": 9, "window_days": 0}, {**step, "offset": 11}],
		diagnoses=[{"code": "K80"}],
	)
	refuse()
	few.update({"status": "Approved", "sign_off": "Administrator"})
	few.save()
	frappe.db.set_value("Follow-up Staff", {"role": DR}, "capacity_per_day", 4)
	many.update({"status": "Approved", "sign_off": "Administrator"})
	with pytest.raises(OverCapacityError, match="Follow-up Doctor"):
		many.save()
	refuse(on=False)
	many.reload()
	many.update({"status": "Approved", "sign_off": "Administrator"})
	many.save()
	assert frappe.db.get_value("Care Pathway", many.name, "status") == "Approved"


@pytest.mark.parametrize("anchor", ["Birth", "Enrolment", "Expected Delivery"])
def test_a_programme_is_approved_although_there_is_too_much_work_today(anchor: str) -> None:
	"""It plans nothing for a discharge, so it changes nothing about what is simulated."""
	open_always()
	leave_home(5)
	somebody(capacity_per_day=4)
	policies.activate(dense_policy().name)
	programme = pathway("Programme", anchor=anchor, diagnoses=[])
	refuse()
	programme.update({"status": "Approved", "sign_off": "Administrator"})
	programme.save()
	assert frappe.db.get_value("Care Pathway", programme.name, "status") == "Approved"
