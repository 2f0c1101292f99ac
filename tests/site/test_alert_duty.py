"""Who takes an alert: at every hour of every day the right person, for a red one always somebody."""

from __future__ import annotations

import frappe
import pytest
from frappe.utils import get_datetime

from hospital_followup.services.alert_duty import person_for, responsible
from hospital_followup.tests import factories as make
from tests.site.alert_samples import at, caller, doctor, on_duty, raised, supervisor, ward
from tests.site.rights import AD, SP, SV
from tests.stack.users import make_user

# Wednesday by day, by night; Saturday; a holiday in the golden week; the Saturday worked in exchange.
WEDNESDAY, NIGHT, SATURDAY = "2026-11-18 10:00", "2026-11-18 23:40", "2026-11-21 10:00"
HOLIDAY, SWAPPED = "2026-10-03 03:00", "2026-10-10 09:00"


def taker(of: str, at: str, severity: str = "Red") -> str | None:
	alert = frappe._dict(
		severity=severity, department=of, company=None, patient=make.patient(department=of).name
	)
	return person_for(alert.update(role="Follow-up Doctor"), get_datetime(at))


@pytest.mark.parametrize(
	("at", "severity", "who"),
	[
		(WEDNESDAY, "Red", "doctor"),
		(WEDNESDAY, "Amber", "doctor"),
		(NIGHT, "Red", "doctor"),
		(SATURDAY, "Red", "supervisor"),  # nobody stands in the roster: who keeps the roster
		(SATURDAY, "Amber", "doctor"),  # to be answered on Monday
		(HOLIDAY, "Red", "supervisor"),
		(HOLIDAY, "Amber", "doctor"),
		(SWAPPED, "Red", "doctor"),
	],
)
def test_without_a_roster(at: str, severity: str, who: str) -> None:
	place = ward()
	people = {"doctor": doctor(place), "supervisor": supervisor(place)}
	frappe.db.set_value("Follow-up Department", place, "supervisor", people["supervisor"])
	frappe.clear_document_cache("Follow-up Department", place)
	assert taker(place, at, severity) == people[who]


@pytest.mark.parametrize(
	("at", "severity", "duty", "taken"),
	[
		(WEDNESDAY, "Red", "2026-11-18", True),
		(NIGHT, "Red", "2026-11-18", True),
		("2026-11-19 02:00", "Red", "2026-11-18", False),  # a roster is made for a date
		(SATURDAY, "Red", "2026-11-21", True),
		(SATURDAY, "Amber", "2026-11-21", False),
		(SATURDAY, "Amber", "2026-11-23", True),
		(HOLIDAY, "Red", "2026-10-03", True),
		(HOLIDAY, "Amber", "2026-10-08", True),
	],
)
def test_the_roster_comes_first(at: str, severity: str, duty: str, taken: bool) -> None:
	place = ward()
	colleague, rostered = doctor(place), doctor(place)
	supervisor(place)
	on_duty(rostered, duty, ward=place)
	frappe.get_doc(
		{
			"doctype": "Follow-up Alert",
			"patient": make.patient().name,
			"severity": "Amber",
			"assigned_to": rostered,
		}
	).insert()  # without the roster the colleague would take it, who has fewer
	assert (taker(place, at, severity) == rostered) is taken
	assert colleague != rostered


def test_the_rosters_own_department_before_the_hospitals() -> None:
	place = ward()
	hospital, own = doctor(place), doctor(place)
	on_duty(hospital, "2026-11-21")
	on_duty(own, "2026-11-21", ward=place)
	assert taker(place, SATURDAY) == own


def test_who_is_ill_is_passed_over() -> None:
	place = ward()
	ill = doctor(place, absences=[{"from_date": "2026-11-18", "to_date": "2026-11-20"}])
	well = doctor(place)
	on_duty(ill, "2026-11-18", ward=place)
	assert taker(place, WEDNESDAY) == well


def test_the_fewest_open_alerts_decide() -> None:
	place = ward()
	first, second = sorted((doctor(place), doctor(place)))
	with at(WEDNESDAY):
		assert [raised(place).assigned_to for _alert in range(4)] == [first, second, first, second]


def test_who_knows_the_patient_comes_before_that() -> None:
	place = ward()
	doctors = sorted((doctor(place), doctor(place)))
	known = make.patient(department=place)
	plan = make.plan(known.name)
	make.log(make.task(plan, department=place), "Reached Patient", staff=doctors[1])
	with at(WEDNESDAY):
		raised(place, patient=known.name)
		assert raised(place, patient=known.name).assigned_to == doctors[1]
		assert raised(place).assigned_to == doctors[0]


def test_without_doctors_the_supervisor_takes_it() -> None:
	place = ward()
	caller(place)
	boss = supervisor(place)
	assert taker(place, WEDNESDAY) == boss


def test_red_always_finds_somebody() -> None:
	place = ward()
	away = [{"from_date": "2026-01-01", "to_date": "2026-12-31"}]
	frappe.db.set_value("Follow-up Staff", {"enabled": 1}, "enabled", 0)
	boss = supervisor(place, absences=away)
	frappe.db.set_value("Follow-up Department", place, "supervisor", boss)
	frappe.clear_document_cache("Follow-up Department", place)
	assert taker(place, HOLIDAY) == boss
	assert taker(place, WEDNESDAY, "Amber") is None


def test_responsible_are_supervisors_and_administrators_of_the_department() -> None:
	place, elsewhere = ward(), ward()
	everywhere, administrator = make_user(SV), make_user(AD)
	limited = make_user(SV)
	frappe.get_doc(
		{
			"doctype": "User Permission",
			"user": limited,
			"allow": "Follow-up Department",
			"for_value": elsewhere,
		}
	).insert()
	found = responsible(frappe._dict(department=place, company=None))
	assert {everywhere, administrator} <= set(found)
	assert limited not in found
	assert make_user(SP) not in found
