"""An alert that nobody acknowledges in time goes further, at the right hour of nights, weekends and holidays."""

from __future__ import annotations

import frappe
import pytest
from frappe.utils import get_datetime

from hospital_followup.services import alert_actions, alert_escalation, alert_told, dispatch
from hospital_followup.services.runs import run
from tests.site.alert_samples import ALERT, at, doctor, on_duty, raised, supervisor, told, ward
from tests.site.rights import AD, SV
from tests.site.samples import saved
from tests.stack.users import make_user


def steps(alert: str, moment: str) -> int:
	"""What a tick of the dispatcher at `moment` makes of the alert."""
	now = get_datetime(moment)
	with at(moment):
		for name in alert_escalation.late(now):
			if name == alert:
				alert_escalation.escalate(name, now)
	return frappe.db.get_value(ALERT, alert, "escalations")


@pytest.mark.parametrize(
	("raised_at", "severity", "quiet_until", "first", "second"),
	[
		# a working day
		("2026-11-18 10:00", "Red", "2026-11-18 11:59", "2026-11-18 12:00", "2026-11-18 14:00"),
		("2026-11-18 16:30", "Amber", "2026-11-19 16:29", "2026-11-19 16:30", "2026-11-20 16:30"),
		# a night
		("2026-11-18 23:30", "Red", "2026-11-19 01:29", "2026-11-19 01:30", "2026-11-19 03:30"),
		# a weekend: red goes on, amber waits for Monday and Tuesday
		("2026-11-20 17:00", "Red", "2026-11-20 18:59", "2026-11-20 19:00", "2026-11-20 21:00"),
		("2026-11-21 09:00", "Red", "2026-11-21 10:59", "2026-11-21 11:00", "2026-11-21 13:00"),
		("2026-11-20 17:00", "Amber", "2026-11-23 16:59", "2026-11-23 17:00", "2026-11-24 17:00"),
		("2026-11-21 09:00", "Amber", "2026-11-23 08:59", "2026-11-23 09:00", "2026-11-24 09:00"),
		# the golden week, and the Saturday worked in exchange
		("2026-10-03 03:00", "Red", "2026-10-03 04:59", "2026-10-03 05:00", "2026-10-03 07:00"),
		("2026-09-30 17:00", "Amber", "2026-10-08 16:59", "2026-10-08 17:00", "2026-10-09 17:00"),
		("2026-10-08 11:00", "Amber", "2026-10-09 10:59", "2026-10-09 11:00", "2026-10-10 11:00"),
	],
)
def test_table(raised_at: str, severity: str, quiet_until: str, first: str, second: str) -> None:
	place = ward()
	on_duty(doctor(place), raised_at[:10], ward=place)
	boss, administrator = supervisor(place), make_user(AD)
	with at(raised_at):
		alert = raised(place, severity)
	assert steps(alert.name, quiet_until) == 0
	assert steps(alert.name, first) == 1
	row = frappe.db.get_value(ALERT, alert.name, "*", as_dict=True)
	assert (row.escalated_to, row.escalated_on) == (boss, get_datetime(first))
	assert len(told(boss, alert.name)) == 1
	assert told(administrator, alert.name) == []
	assert steps(alert.name, second) == 2
	assert len(told(administrator, alert.name)) == 1
	assert len(told(boss, alert.name)) == 1, "told once, not again with everybody"


def test_who_stands_in_the_roster_hears_of_it_on_a_holiday() -> None:
	place = ward()
	supervisor(place)
	on_call = supervisor(place)
	on_duty(on_call, "2026-10-03", SV, place)
	with at("2026-10-03 03:00"):
		alert = raised(place)
	# The roster has no doctor, so the supervisor on duty takes it at once; the next one hears of it later.
	assert alert.assigned_to == on_call
	assert steps(alert.name, "2026-10-03 05:00") == 1
	assert frappe.db.get_value(ALERT, alert.name, "escalated_to") != on_call


def test_what_was_acknowledged_goes_no_further(as_user) -> None:
	place = ward()
	doctor(place)
	with at("2026-11-18 10:00"):
		alert = raised(place)
	with at("2026-11-18 11:00"):
		alert_actions.acknowledge(alert.name)
	assert steps(alert.name, "2026-11-20 10:00") == 0


def test_the_rule_says_to_whom_and_when() -> None:
	place = ward()
	first, second = doctor(place), doctor(place)
	rule = saved(
		"Follow-up Alert Rule",
		respond_within_hours=1,
		hours_counted="Every Day",
		escalate_to="Follow-up Doctor",
	)
	with at("2026-11-18 10:00"):
		alert = raised(place, "Amber", rule=rule.name)
	assert steps(alert.name, "2026-11-18 11:00") == 1
	people = {alert.assigned_to, frappe.db.get_value(ALERT, alert.name, "escalated_to")}
	assert people == {first, second}
	assert steps(alert.name, "2026-11-18 12:00") == 2


def test_where_nobody_else_is_left_everybody_responsible_hears_of_it_at_once() -> None:
	place = ward()
	frappe.db.set_value("Follow-up Staff", {"enabled": 1}, "enabled", 0)
	doctor(place)
	administrator = make_user(AD)
	with at("2026-11-18 10:00"):
		alert = raised(place, "Amber")
	assert steps(alert.name, "2026-11-19 10:00") == 2
	assert len(told(administrator, alert.name)) == 1


def test_an_outage_is_caught_up_by_one_tick() -> None:
	place = ward()
	doctor(place)
	boss = supervisor(place)
	with at("2026-11-18 10:00"):
		alert = raised(place)
	assert steps(alert.name, "2026-11-25 09:00") == 2
	assert len(told(boss, alert.name)) == 1


def test_an_alert_that_became_red_begins_anew() -> None:
	place = ward()
	doctor(place)
	boss = supervisor(place)
	key = frappe.generate_hash(length=8)
	with at("2026-11-18 10:00"):
		alert = raised(place, "Amber", key=key)
	assert steps(alert.name, "2026-11-19 10:00") == 1
	with at("2026-11-19 10:30"):
		assert raised(place, "Red", key=key, patient=alert.patient).name == alert.name
	row = frappe.db.get_value(ALERT, alert.name, "*", as_dict=True)
	assert (row.severity, row.escalations) == ("Red", 0)
	assert steps(alert.name, "2026-11-19 12:30") >= 1
	assert len(told(boss, alert.name)) == 2


class TestWorseAfterTheFirstLook:
	"""Amber on a working Wednesday, red on the Saturday night, when whoever has it is away."""

	NIGHT = "2026-11-21 23:00"

	@pytest.fixture
	def people(self) -> frappe._dict:
		place = ward()
		return frappe._dict(place=place, first=doctor(place), boss=supervisor(place))

	@pytest.fixture(params=["Acknowledged", "In Progress"])
	def alert(self, request, people, as_user) -> str:
		key = frappe.generate_hash(length=8)
		with at("2026-11-18 10:00"):
			alert = raised(people.place, "Amber", key=key)
			with as_user(email=people.first):
				alert_actions.acknowledge(alert.name)
				if request.param == "In Progress":
					alert_actions.start_work(alert.name)
		people.night = doctor(people.place)
		on_duty(people.night, self.NIGHT[:10], ward=people.place)
		with at(self.NIGHT):
			assert raised(people.place, "Red", key=key, patient=alert.patient).name == alert.name
		return alert.name

	def test_whoever_is_on_duty_hears_of_it_as_well(self, people, alert: str) -> None:
		(sentence,) = told(people.night, alert)
		assert "2026-11-22 01:00" in sentence
		assert [text for text in told(people.first, alert) if "become worse" in text] == [sentence]
		assert frappe.db.get_value(ALERT, alert, "assigned_to") == people.first

	def test_escalation_begins_anew_with_the_whole_time(self, people, alert: str) -> None:
		assert steps(alert, "2026-11-22 00:59") == 0
		assert steps(alert, "2026-11-22 01:00") == 1
		assert steps(alert, "2026-11-22 03:00") == 2
		assert len(told(people.boss, alert)) == 1

	def test_a_second_look_ends_it_and_keeps_the_first(self, people, alert: str, as_user) -> None:
		first = frappe.db.get_value(ALERT, alert, ["acknowledged_by", "acknowledged_on", "status"])
		with at("2026-11-21 23:30"), as_user(email=people.night):
			alert_actions.acknowledge(alert)
		row = frappe.db.get_value(ALERT, alert, "*", as_dict=True)
		assert (row.acknowledged_by, row.acknowledged_on, row.status) == first
		assert (row.assigned_to, row.worsened_on) == (people.night, None)
		assert steps(alert, "2026-11-25 10:00") == 0

	@pytest.mark.parametrize("step", ["judge", "answer"])
	def test_so_does_any_other_step(self, people, alert: str, as_user, step: str) -> None:
		with at("2026-11-21 23:30"), as_user(email=people.night):
			if step == "judge":
				alert_actions.judge(alert, "True")
			else:
				alert_told.have_patient_told(alert, "Come in.")
		assert steps(alert, "2026-11-25 10:00") == 0


def test_the_dispatcher_finds_a_person_for_what_is_nobodys() -> None:
	place = ward()
	frappe.db.set_value("Follow-up Staff", {"enabled": 1}, "enabled", 0)
	with at("2026-11-18 10:00"):
		alert = raised(place, "Amber")
		assert not alert.assigned_to
		found = doctor(place)
		alert_escalation.hand_over(alert.name, get_datetime("2026-11-18 10:05"))
	assert frappe.db.get_value(ALERT, alert.name, "assigned_to") == found
	assert len(told(found, alert.name)) == 1


def test_who_falls_ill_hands_over() -> None:
	place = ward()
	ill, well = doctor(place), doctor(place)
	with at("2026-11-18 10:00"):
		alert = raised(place)
		other = ({ill, well} - {alert.assigned_to}).pop()
		staff = frappe.get_doc("Follow-up Staff", {"user": alert.assigned_to})
		staff.append("absences", {"from_date": "2026-11-18", "to_date": "2026-11-18"})
		staff.save()
		now = get_datetime("2026-11-18 10:05")
		assert alert.name in alert_escalation.without_person(now)
		alert_escalation.hand_over(alert.name, now)
	assert frappe.db.get_value(ALERT, alert.name, "assigned_to") == other


@pytest.mark.commits
def test_a_tick_of_the_dispatcher_does_it_all() -> None:
	place = ward()
	doctor(place)
	supervisor(place)
	with at("2026-11-18 10:00"):
		alert = raised(place)
	with at("2026-11-18 12:01"), run("dispatch") as record:
		dispatch.follow_alerts(record, get_datetime("2026-11-18 12:01"))
	assert record.tally.failed == 0
	assert frappe.db.get_value(ALERT, alert.name, "escalations") == 1
