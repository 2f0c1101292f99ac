"""Alerts at the same moment, in processes of their own: one alert per reason, one person, one call, each notice once."""

from __future__ import annotations

import frappe
import pytest

from hospital_followup.services.alerts import raise_alert
from hospital_followup.tests import factories as make
from tests.site.alert_samples import ALERT, calls_of, doctor, on_duty, raised, supervisor, told, ward
from tests.stack.rest import Rest
from tests.support.processes import kill_leftovers, together  # noqa: F401 (a fixture)
from tests.support.together import at_once

API = "hospital_followup.alert_api."

RAISING = """
	import time
	from hospital_followup.services.alerts import raise_alert
	raise_alert(kind="Clinical", patient="{}", severity="{}", key="{}", detail="d", log=None)
	time.sleep(0.5)
"""
ESCALATING = """
	from frappe.utils import get_datetime
	from hospital_followup.services import alert_escalation
	alert_escalation.escalate("{}", get_datetime("{}"))
"""

pytestmark = pytest.mark.commits


@pytest.fixture
def place() -> str:
	name = ward()
	for _number in range(2):
		doctor(name)
	supervisor(name)
	return name


def commit() -> None:
	frappe.db.commit()  # reason: the other processes must see it


def test_two_processes_raise_one_alert_and_one_notice(site, place: str) -> None:
	patient, key = make.patient(department=place).name, frappe.generate_hash(length=12)
	commit()
	together(site, *[RAISING.format(patient, "Red", key) for _number in range(2)])
	frappe.db.rollback()
	(alert,) = frappe.get_all(ALERT, {"key": key}, ["name", "assigned_to"], order_by="name")
	assert len(told(alert.assigned_to, alert.name)) == 1


def test_after_the_first_was_answered_two_processes_raise_one_more(site, place: str) -> None:
	patient, key = make.patient(department=place).name, frappe.generate_hash(length=12)
	first = raise_alert(kind="Clinical", patient=patient, severity="Amber", key=key, detail="d")
	frappe.db.set_value(ALERT, first, "status", "Closed")
	commit()
	together(site, *[RAISING.format(patient, "Red", key) for _number in range(2)])
	frappe.db.rollback()
	statuses = frappe.get_all(ALERT, {"patient": patient}, pluck="status", order_by="creation, name")
	assert statuses == ["Closed", "Open"]


def test_two_dispatchers_escalate_once(site, place: str) -> None:
	on_duty(doctor(place), frappe.utils.today(), ward=place)
	alert = raised(place)
	late = frappe.utils.add_to_date(alert.respond_by, hours=1)
	commit()
	together(site, *[ESCALATING.format(alert.name, late) for _number in range(2)])
	frappe.db.rollback()
	row = frappe.db.get_value(ALERT, alert.name, ["escalations", "escalated_to"], as_dict=True)
	assert row.escalations == 1
	assert len(told(row.escalated_to, alert.name)) == 1


def test_two_doctors_tap_at_once_and_one_has_it(rest, place: str) -> None:
	alert = raised(place)
	doctors: list[Rest] = [rest("Follow-up Doctor") for _number in range(2)]
	commit()
	answers = at_once(*[lambda who=who: who.call(API + "acknowledge", alert=alert.name) for who in doctors])
	assert [answer.status_code for answer in answers] == [200, 200]
	assert sorted(answer.json()["message"]["mine"] for answer in answers) == [False, True]


def test_the_same_order_twice_at_once_is_one_call(rest, place: str) -> None:
	alert = raised(place)
	client: Rest = rest("Follow-up Doctor")
	commit()
	order = {"alert": alert.name, "answer": "Rest."}
	answers = at_once(*[lambda: client.call(API + "have_patient_told", **order) for _number in range(2)])
	assert [answer.status_code for answer in answers] == [200, 200], [answer.text for answer in answers]
	frappe.db.rollback()
	assert len(calls_of(alert.name)) == 1
