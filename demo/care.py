"""What follows from the calls: doctors answer alerts, patients come back or stay away, and say what they think."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from random import Random

import frappe
from frappe.utils import getdate, now_datetime

from demo.people import STAFF
from hospital_followup import alert_api
from hospital_followup.exceptions import AlertError

ALERT = "Follow-up Alert"
REVISIT = "Follow-up Revisit"
ANSWERS = (
	"已查看您的情况，请明天上午来门诊复查，带上出院小结。",
	"目前属于恢复期常见情况，请继续服药，每天测量并记录，三天后我们再联系您。",
	"请先把利尿剂恢复到出院时的剂量，明天早晨称体重后告诉我们。",
	"请保持伤口干燥，今天下午到换药室处理。",
)
#: Share of patients who come to their revisit: reminded by a contact, and not.
COMES, COMES_UNREMINDED = 0.8, 0.6
#: What patients answer to "would you recommend us": 0 to 10 with its weight.
RECOMMENDS = {10: 34, 9: 24, 8: 18, 7: 10, 6: 5, 5: 4, 3: 3, 0: 2}
SCORES = {5: 50, 4: 34, 3: 10, 2: 4, 1: 2}
COMMENTS = ("护士很耐心，谢谢！", "电话随访很及时。", "希望周末也能接到随访。", "复诊挂号等了很久。", "")


def acknowledge(random: Random, share: float) -> None:
	"""Doctors take up `share` of the alerts that nobody has seen yet."""
	for alert in _alerts("Open"):
		if random.random() < share:
			_as(_doctor(alert), lambda alert=alert: alert_api.acknowledge(alert.name))


def answer(random: Random) -> None:
	"""Doctors answer most of what they took up: they call themselves, or have the patient told tomorrow."""
	for alert in _alerts("Acknowledged", "In Progress"):
		doctor, chance = _doctor(alert), random.random()
		if frappe.db.exists(
			"Follow-up Task", {"alert": alert.name, "status": ("in", ("Open", "In Progress"))}
		):
			continue
		if chance < 0.55:
			words = random.choice(ANSWERS)
			_as(doctor, lambda alert=alert, words=words: alert_api.patient_was_told(alert.name, words))
		elif chance < 0.8:
			words = random.choice(ANSWERS)
			_as(doctor, lambda alert=alert, words=words: alert_api.have_patient_told(alert.name, words))
		elif chance < 0.9:
			_as(doctor, lambda alert=alert: alert_api.start_work(alert.name))
	for alert in _alerts("Answered"):
		doctor = _doctor(alert)
		if random.random() < 0.85:
			verdict = "True" if random.random() < 0.68 else "False"
			_as(doctor, lambda alert=alert, verdict=verdict: alert_api.judge(alert.name, verdict))
			if random.random() < 0.85:
				_as(doctor, lambda alert=alert: alert_api.close_alert(alert.name))


def revisits(random: Random, day: date) -> None:
	"""Patients come on the day, or a few days later, or not at all; a specialist writes down what was seen."""
	for name, expected_on, reminded in frappe.get_all(
		REVISIT,
		filters={"status": ("in", ("Expected", "Booked")), "expected_on": ("<=", day)},
		fields=["name", "expected_on", "reminded_on"],
		order_by="name",
		as_list=True,
	):
		doc = frappe.get_doc(REVISIT, name)
		if getdate(expected_on) == day and random.random() < (COMES if reminded else COMES_UNREMINDED):
			doc.update({"status": "Attended", "attended_on": day})
		elif getdate(expected_on) < day - timedelta(days=1) and random.random() < 0.5:
			doc.status = "Missed"
		else:
			continue
		_as("zhao.min@demo.example", doc.save)


def surveys(random: Random, day: date) -> None:
	"""Some of those who were called today fill in the short questionnaire that they were sent."""
	called = frappe.get_all(
		"Follow-up Log",
		filters={"docstatus": 1, "outcome": "Reached Patient", "contacted_at": (">=", day)},
		fields=["patient", "task", "department"],
		order_by="name",
	)
	for log in called:
		if random.random() > 0.4:
			continue
		frappe.get_doc(
			{
				"doctype": "Follow-up Survey",
				"patient": log.patient,
				"task": log.task,
				"department": log.department,
				"status": "Answered",
				"expires_at": now_datetime() + timedelta(days=7),
				"opened_on": now_datetime(),
				"answered_on": now_datetime(),
				"satisfaction": random.choices(list(SCORES), list(SCORES.values()))[0],
				"recommend": str(random.choices(list(RECOMMENDS), list(RECOMMENDS.values()))[0]),
				"comment": random.choice(COMMENTS),
				"language": "zh",
				"token_hash": frappe.generate_hash(length=64),
			}
		).insert()
		frappe.db.commit()  # reason: one answer, one transaction


def _alerts(*statuses: str) -> list[frappe._dict]:
	return frappe.get_all(
		ALERT,
		filters={"status": ("in", statuses)},
		fields=["name", "department", "assigned_to"],
		order_by="raised_on, name",
	)


def _doctor(alert: frappe._dict) -> str:
	doctors = [login for login, (_name, role, _wards) in STAFF.items() if role == "Follow-up Doctor"]
	if alert.assigned_to in doctors:
		return str(alert.assigned_to)
	return next((login for login in doctors if alert.department in STAFF[login][2]), doctors[0])


def _as(user: str, act: Callable[[], object]) -> None:
	"""One step of one person, in its own transaction; an answer for a patient who cannot be told any more is left."""
	with signed_in(user):
		try:
			act()
			frappe.db.commit()  # reason: one step, one transaction
		except AlertError:
			frappe.db.rollback()


@contextmanager
def signed_in(user: str) -> Iterator[None]:
	frappe.set_user(user)
	try:
		yield
	finally:
		frappe.set_user("Administrator")
