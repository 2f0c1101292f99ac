"""A month of a made-up hospital: discharges, calls, retries, alerts and answers, revisits, surveys, readmissions.

Days are lived one after the other with the clock set back, through the same services that people and jobs use, so that
every list, chart and history looks as it would after a month of real work.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random

import frappe
from frappe.utils import getdate, now_datetime, today
from freezegun import freeze_time

from demo import care, messages
from demo.answers import answers
from demo.people import STAFF, person
from demo.stays import STAYS, stay_fields
from hospital_followup import jobs
from hospital_followup.exceptions import LogError, TaskTransitionError
from hospital_followup.services import calls, questionnaires
from hospital_followup.setup.alert_rules import seed_alert_rules

PASSWORD = "followup-demo"
DAYS = 30
DISCHARGES_PER_DAY = 9
#: When calls are made, alerts taken up, alerts answered.
MORNING, NOON, AFTERNOON = time(10, 30), time(11, 50), time(15, 30)
#: Outcome of a call with its weight; a ward's real month has more unanswered calls than one would like.
OUTCOMES = {
	"Reached Patient": 55,
	"Reached Caregiver": 14,
	"No Answer": 17,
	"Busy": 4,
	"Callback Requested": 4,
	"Declined": 3,
	"Wrong Number": 2,
	"Readmitted": 1,
}
#: Where patients heard of the hospital, with its weight.
REFERRALS = {
	"Family or Friend": 34,
	"Patient": 26,
	"Doctor or Hospital": 22,
	"Internet": 10,
	"Community or Health Day": 8,
}
REMARKS = (
	"恢复良好，无不适。",
	"伤口干燥，饮食正常，已提醒按时服药。",
	"偶有头晕，已嘱监测血压，必要时复诊。",
	"睡眠欠佳，已给予指导。",
	"已预约下周复诊。",
)


def populate(gateway: str, address: str, days: int = DAYS, seed: int = 2026) -> dict[str, int]:
	"""Fill the connected site; returns how many of each kind were made. Commits as it goes.

	`gateway`: where text messages are handed over (demo/gateway.py); `address`: where patients' pages are opened.
	"""
	random = Random(seed)
	settings = frappe.get_single("Follow-up Settings")
	first = getdate(today()) - timedelta(days=days)
	settings.update(
		{"hospital_name": "仁和医院", "hospital_phone": "021-5555 0120", "ledger_from": first}
	).save()
	# A hospital that works seven days, so that there is something to see on whatever day the demo is started.
	calendar = frappe.get_doc("Follow-up Calendar", settings.default_calendar)
	calendar.update({"saturday": 1, "sunday": 1}).save()
	frappe.get_single("System Settings").update({"date_format": "yyyy-mm-dd"}).save()
	say_rules_in_chinese()
	make_departments()
	make_staff()
	messages.set_up(gateway, address)
	frappe.db.commit()  # reason: each day of the demo is lived in its own transactions
	number = 0
	real_today = getdate(today())
	for day in (first + timedelta(days=offset) for offset in range(days + 1)):
		with freeze_time(site_time(day, MORNING), tick=True):
			for _index in range(random.randint(DISCHARGES_PER_DAY - 3, DISCHARGES_PER_DAY + 3)):
				number += 1
				discharge(random, number, day)
			frappe.db.commit()  # reason: see above
			jobs.followup_dispatch_tick()
			messages.send()
			if day < real_today:
				work(random, day)
			jobs.followup_dispatch_tick()
		after_the_calls(random, day, day < real_today)
	jobs.followup_nightly()
	return {
		doctype: frappe.db.count(doctype)
		for doctype in (
			"Follow-up Patient",
			"Patient Discharge",
			"Follow-up Plan",
			"Follow-up Task",
			"Follow-up Log",
			"Follow-up Alert",
			"Follow-up Revisit",
			"Follow-up Survey",
			"Follow-up Message",
			"Follow-up Consent",
		)
	}


def after_the_calls(random: Random, day: date, whole_day: bool) -> None:
	"""Noon and afternoon of `day`; of today only the noon, so that something is left to do."""
	with freeze_time(site_time(day, NOON), tick=True):
		care.acknowledge(random, 0.85 if whole_day else 0.4)
		care.surveys(random, day)
		if whole_day:
			messages.arrive_and_are_answered(random)
	if whole_day:
		with freeze_time(site_time(day, AFTERNOON), tick=True):
			care.answer(random)
			care.revisits(random, day)
			jobs.followup_dispatch_tick()


def site_time(day: object, at: time) -> datetime:
	"""The time `at` of the site's `day`, as the server's clock shows it."""
	here = datetime.combine(getdate(day), at)
	return here - (now_datetime() - datetime.now())  # noqa: DTZ005  reason: Frappe's own naive site time


def say_rules_in_chinese() -> None:
	"""The shipped alert rules in the language of the demo's hospital; a site gets them in its own language."""
	system = frappe.get_single("System Settings")
	former = system.language
	for rule in frappe.get_all("Follow-up Alert Rule", pluck="name", order_by="name"):
		frappe.delete_doc("Follow-up Alert Rule", rule)
	system.update({"language": "zh"}).save()
	seed_alert_rules()
	system.update({"language": former}).save()


def make_departments() -> None:
	for name in STAYS:
		if not frappe.db.exists("Follow-up Department", name):
			frappe.get_doc({"doctype": "Follow-up Department", "department_name": name}).insert()


def make_staff() -> None:
	"""Logins for every role, all with the demo's password."""
	for login, (name, role, departments) in STAFF.items():
		if frappe.db.exists("User", login):
			continue
		user = frappe.get_doc(
			{
				"doctype": "User",
				"email": login,
				"first_name": name,
				"language": "zh",
				"time_zone": frappe.db.get_single_value("System Settings", "time_zone"),
				"send_welcome_email": 0,
				"new_password": PASSWORD,
				"roles": [{"role": role}],
			}
		)
		user.flags.no_welcome_mail = True
		user.insert()
		frappe.get_doc(
			{
				"doctype": "Follow-up Staff",
				"user": login,
				"role": role,
				"departments": [{"department": department} for department in departments],
			}
		).insert()
		for department in departments:
			frappe.get_doc(
				{
					"doctype": "User Permission",
					"user": login,
					"allow": "Follow-up Department",
					"for_value": department,
				}
			).insert()


def discharge(random: Random, number: int, day: object) -> None:
	department = random.choice(list(STAYS))
	stay = random.choice(STAYS[department])
	patient = frappe.get_doc(
		{"doctype": "Follow-up Patient", "department": department, **person(random, number, stay.ages)}
	).insert()
	messages.ask_consent(random, patient.name)
	if random.random() < 0.7:
		tier = random.choices(("High", "Medium", "Low"), (2, 5, 3))[0]
		frappe.get_doc({"doctype": "Patient Value", "patient": patient.name, "value_tier": tier}).insert()
	frappe.get_doc(
		{
			"doctype": "Patient Discharge",
			"patient": patient.name,
			"department": department,
			"discharge_date": day,
			"revisit_date": getdate(day) + timedelta(days=stay.revisit),
			**stay_fields(random, stay),
			**referral(random),
		}
	).insert()


def referral(random: Random) -> dict[str, str]:
	"""Who recommended the hospital, as far as somebody asked on admission."""
	if random.random() > 0.45:
		return {}
	return {"referral_source": random.choices(list(REFERRALS), list(REFERRALS.values()))[0]}


def work(random: Random, day: object) -> None:
	"""Everyone makes most of the day's calls; a few are left for tomorrow, as it happens."""
	tasks = frappe.get_all(
		"Follow-up Task",
		filters={"status": "Open", "assigned_to": ("is", "set")},
		fields=["name", "assigned_to", "next_attempt_at"],
		order_by="priority, due_date, name",
	)
	for task in tasks:
		later = task.next_attempt_at and getdate(task.next_attempt_at) > getdate(day)
		if later or random.random() < 0.12:
			continue
		frappe.set_user(task.assigned_to)
		try:
			call(random, task.name)
			frappe.db.commit()  # reason: one call, one transaction
		except (LogError, TaskTransitionError):
			frappe.db.rollback()  # the plan was stopped meanwhile by another call of the same patient
		finally:
			frappe.set_user("Administrator")


def call(random: Random, task: str) -> None:
	"""One call through the call sheet: taken up, asked, advised, finished."""
	outcome = random.choices(list(OUTCOMES), list(OUTCOMES.values()))[0]
	changes: dict[str, object] = {}
	draft = calls.start(task)
	if outcome.startswith("Reached"):
		changes = {
			"identity_verified": 1,
			"notes": random.choice(REMARKS),
			"satisfaction": random.choices((5, 4, 3, 2, 1), (46, 38, 11, 4, 1))[0],
			"revisit_reminded": int(random.random() < 0.75),
		}
		if draft.questionnaire:
			changes["answers"] = answers(random, questionnaires.load(draft.questionnaire))
	calls.finish(task, outcome, changes, duration_seconds=random.randint(20, 420))
