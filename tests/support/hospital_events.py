"""What can happen in a hospital, each event through the same service, document or form that a person would use."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

import frappe
from frappe.utils import add_days, getdate, now_datetime, today

from hospital_followup.exceptions import FollowupError
from hospital_followup.services import alerts, assignment, plans, task_actions, tasks, tiers
from hospital_followup.services.writer import set_values
from hospital_followup.tests import factories

DEPARTMENTS = ("Test Surgery", "Test Cardiology")
TIERS = ("High", "Medium", "Low")
OUTCOMES = (
	"Reached Patient",
	"Reached Caregiver",
	"No Answer",
	"Busy",
	"Wrong Number",
	"Declined",
	"Callback Requested",
	"Deceased",
	"Readmitted",
)
STAFF = "Guest"  # any user that exists on every site
EVENTS: dict[str, Callable[[Hospital], None]] = {}


def event(work: Callable[[Hospital], None]) -> Callable[[Hospital], None]:
	EVENTS[work.__name__] = work
	return work


class Hospital:
	"""A hospital whose every choice comes from `choice`, so that a failing sequence can be repeated."""

	def __init__(self, choice: random.Random) -> None:
		self.choice = choice
		self.start, self.end = add_days(getdate(today()), -400), getdate(today())

	def let(self, step: str) -> None:
		"""Let `step` happen; what the app refuses does not happen."""
		frappe.db.savepoint("step")
		try:
			EVENTS[step](self)
		except (FollowupError, frappe.ValidationError, frappe.LinkExistsError):
			frappe.db.rollback(save_point="step")
			frappe.clear_messages()

	def any(self, doctype: str, **filters: Any) -> str | None:
		names = frappe.get_all(doctype, filters=filters, pluck="name", order_by="creation, name")
		return self.choice.choice(names) if names else None

	def doc(self, doctype: str, **filters: Any) -> Any:
		"""One of them; the step does not happen when there is none."""
		name = self.any(doctype, **filters)
		if name is None:
			raise FollowupError(f"no {doctype} yet")
		return frappe.get_doc(doctype, name)

	def day(self, first: int = -40, last: int = 0) -> date:
		return add_days(getdate(today()), self.choice.randint(first, last))

	def moment(self, task: Any) -> Any:
		"""A time since the discharge that the task belongs to."""
		since = frappe.db.get_value("Patient Discharge", task.discharge, "discharge_date") or self.day()
		now = now_datetime().replace(microsecond=0)
		begin = datetime.combine(getdate(since), time.min)
		return now - (now - begin) * self.choice.random()


@event
def discharged(hospital: Hospital) -> None:
	factories.discharge(
		discharge_date=hospital.day(),
		given_risk_tier=hospital.choice.choice(TIERS),
		department=hospital.choice.choice(DEPARTMENTS),
		disposition=hospital.choice.choice(
			["Home", "Home", "Home", "Deceased", "Transferred", "Against Advice"]
		),
	)


@event
def discharged_again(hospital: Hospital) -> None:
	patient = hospital.doc("Follow-up Patient", status="Active")
	factories.discharge(patient.name, discharge_date=hospital.day(), department=DEPARTMENTS[0])


@event
def logged(hospital: Hospital) -> None:
	task = hospital.doc("Follow-up Task", status=("in", ("Scheduled", "Open", "In Progress", "Missed")))
	factories.log(
		task,
		hospital.choice.choice(OUTCOMES),
		contacted_at=hospital.moment(task),
		satisfaction=hospital.choice.randint(0, 5),
		duration_seconds=hospital.choice.randint(0, 300),
		direction=hospital.choice.choice(["Out", "Out", "In"]),
	)


@event
def reached(hospital: Hospital) -> None:
	task = hospital.doc("Follow-up Task", status=("in", ("Scheduled", "Open", "Missed")))
	factories.log(task, "Reached Patient", contacted_at=hospital.moment(task), satisfaction=5)


@event
def log_cancelled(hospital: Hospital) -> None:
	hospital.doc("Follow-up Log", docstatus=1).cancel()


@event
def skipped(hospital: Hospital) -> None:
	task_actions.skip(hospital.doc("Follow-up Task").name, "the patient travels")


@event
def skip_taken_back(hospital: Hospital) -> None:
	task_actions.take_back_skip(hospital.doc("Follow-up Task", status="Skipped").name)


@event
def rescheduled(hospital: Hospital) -> None:
	task_actions.reschedule(hospital.doc("Follow-up Task").name, hospital.day(0, 30), "asked for")


@event
def discharge_changed(hospital: Hospital) -> None:
	doc = hospital.doc("Patient Discharge")
	change = hospital.choice.choice(
		["cancelled", "discharge_date", "department", "disposition", "readmitted_on"]
	)
	values = {
		"cancelled": 1 - doc.cancelled,
		"discharge_date": hospital.day(),
		"department": hospital.choice.choice(DEPARTMENTS),
		"disposition": hospital.choice.choice(["Home", "Deceased", "Hospice"]),
		"readmitted_on": hospital.day(),
	}
	doc.set(change, values[change])
	doc.save()


@event
def tier_overridden(hospital: Hospital) -> None:
	tiers.override_tier(
		hospital.doc("Patient Discharge").name, hospital.choice.choice(TIERS), "seen at the ward"
	)


@event
def merged(hospital: Hospital) -> None:
	doc = hospital.doc("Follow-up Patient", status="Active")
	doc.update({"status": "Merged", "merged_into": hospital.doc("Follow-up Patient", status="Active").name})
	doc.save()


@event
def died(hospital: Hospital) -> None:
	doc = hospital.doc("Follow-up Patient", status="Active")
	doc.status = "Deceased"
	doc.save()


@event
def lives(hospital: Hospital) -> None:
	doc = hospital.doc("Follow-up Patient", status="Deceased")
	doc.status = "Active"
	doc.save()


@event
def plan_moved(hospital: Hospital) -> None:
	plan = hospital.any("Follow-up Plan")
	if plan:
		step = hospital.choice.choice([plans.resume, plans.undo_stop, plans.complete_finished])
		if hospital.choice.random() < 0.5:
			step = hospital.choice.choice(
				[lambda name: plans.pause(name, "away"), lambda name: plans.stop(name, "moved")]
			)
		step([plan] if step is plans.complete_finished else plan)


@event
def time_passes(hospital: Hospital) -> None:
	day = hospital.day(-10, 20)
	tasks.open_due(day)
	tasks.expire(day)


@event
def handed_over(hospital: Hospital) -> None:
	task = hospital.any("Follow-up Task", status=("in", ("Scheduled", "Open")))
	if task:
		owner = frappe.db.get_value("Follow-up Task", task, "assigned_to")
		assignment._write({task: STAFF if owner != STAFF else "Administrator"}, {task: owner})


@event
def revisit_expected(hospital: Hospital) -> None:
	stay = hospital.doc("Patient Discharge")
	frappe.get_doc(
		{
			"doctype": "Follow-up Revisit",
			"patient": stay.patient,
			"discharge": stay.name,
			"plan": stay.plan,
			"department": stay.department,
			"expected_on": hospital.day(),
		}
	).insert()


@event
def revisit_attended(hospital: Hospital) -> None:
	doc = hospital.doc("Follow-up Revisit", status=("!=", "Attended"))
	log = hospital.any("Follow-up Log", docstatus=1, patient=doc.patient)
	doc.update({"status": "Attended", "attended_on": today(), "attributed_log": log})
	doc.save()


@event
def revisit_changed(hospital: Hospital) -> None:
	doc = hospital.doc("Follow-up Revisit")
	doc.update(
		{"status": hospital.choice.choice(["Missed", "Cancelled", "Expected"]), "expected_on": hospital.day()}
	)
	doc.save()


@event
def alert_raised(hospital: Hospital) -> None:
	task = hospital.doc("Follow-up Task")
	alerts.raise_alert(
		kind="Clinical",
		severity=hospital.choice.choice(["Red", "Amber"]),
		patient=task.patient,
		detail="pain 8",
		key=f"test|{hospital.choice.random()}",
		task=task.name,
	)


@event
def alert_handled(hospital: Hospital) -> None:
	name = hospital.any("Follow-up Alert")
	if name:
		values = [
			{"acknowledged_on": now_datetime().replace(microsecond=0)},
			{"judgement": hospital.choice.choice(["True", "False", ""])},
			{"assigned_to": STAFF},
			{"respond_by": add_days(now_datetime(), -1)},
		]
		set_values("Follow-up Alert", [name], hospital.choice.choice(values))


@event
def message_sent(hospital: Hospital) -> None:
	task = hospital.doc("Follow-up Task")
	message = frappe.get_doc(
		{
			"doctype": "Follow-up Message",
			"patient": task.patient,
			"task": task.name,
			"channel": "SMS",
			"purpose": "Clinical",
			"occasion": hospital.choice.choice(["Scheduled Contact", "Last Ask", "Promised Callback"]),
			"body": "hello",
			"send_after": now_datetime(),
			"status": hospital.choice.choice(["Queued", "Sent"]),
		}
	)
	message.flags.followup_service = True
	message.insert()


@event
def message_delivered(hospital: Hospital) -> None:
	hospital.doc("Follow-up Message").db_set("status", hospital.choice.choice(["Delivered", "Failed"]))


@event
def survey_sent(hospital: Hospital) -> None:
	task = hospital.doc("Follow-up Task")
	frappe.get_doc(
		{
			"doctype": "Follow-up Survey",
			"patient": task.patient,
			"task": task.name,
			"department": task.department,
			"expires_at": add_days(now_datetime(), 7),
		}
	).insert()


@event
def survey_answered(hospital: Hospital) -> None:
	doc = hospital.doc("Follow-up Survey")
	answer = {"satisfaction": hospital.choice.randint(0, 5), "recommend": str(hospital.choice.randint(0, 10))}
	doc.update(
		{
			"status": "Answered",
			"answered_on": hospital.moment(frappe.get_doc("Follow-up Task", doc.task)),
			**answer,
		}
	)
	doc.save()


@event
def deleted(hospital: Hospital) -> None:
	kind = hospital.choice.choice(
		["Follow-up Revisit", "Follow-up Message", "Follow-up Survey", "Follow-up Alert"]
	)
	frappe.delete_doc(kind, hospital.doc(kind).name)
