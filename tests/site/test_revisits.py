"""Expected revisits: what they come from, what a call does to them, the reminder before and the chain after."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import frappe
import pytest
from frappe.utils import (
	add_days,
	add_to_date,
	add_years,
	get_datetime,
	get_system_timezone,
	getdate,
	now_datetime,
	today,
)
from freezegun import freeze_time

from hospital_followup import jobs
from hospital_followup.exceptions import InvalidPeriodError
from hospital_followup.services import go_live, outbox_claims, revisit_detection, revisit_tasks, revisits
from hospital_followup.services.brief_revisit import revisit_of as revisit_of_contact
from hospital_followup.services.revisit_preparation import plain_text
from hospital_followup.tests import factories as make
from tests.site.call_samples import advice
from tests.site.message_samples import ended, every_day, hospital, messages_of

REVISIT, DISCHARGE, TASK, LOG = "Follow-up Revisit", "Patient Discharge", "Follow-up Task", "Follow-up Log"


@pytest.fixture(autouse=True)
def _policy() -> None:
	make.standard_policy()


def day(offset: int) -> Any:
	return getdate(add_days(today(), offset))


def left(revisit: int | None = 14, *, days_ago: int = 20, of: str | None = None, **fields: Any) -> Any:
	"""A discharge some days ago that names a revisit so many days from today."""
	values = {"given_risk_tier": "Low", "revisit_date": None if revisit is None else day(revisit), **fields}
	return make.discharge(of, discharge_date=day(-days_ago), **values)


def revisit_of(discharge: Any) -> Any:
	return frappe.get_doc(REVISIT, {"discharge": discharge.name})


def of_kind(revisit: Any, **filters: Any) -> list[Any]:
	fields = [
		"name",
		"key",
		"status",
		"status_reason",
		"channel",
		"reasons",
		"due_date",
		"expires_on",
		"contact_point",
	]
	return frappe.get_all(
		TASK,
		filters={"revisit": revisit.name, "kind": "Revisit", **filters},
		fields=fields,
		order_by="creation, name",
	)


def quiet(discharge: Any) -> None:
	"""Nothing of the plan is left to be done: the revisit stands alone."""
	frappe.db.set_value(TASK, {"discharge": discharge.name, "kind": "Planned"}, "status", "Completed")


def remind() -> int:
	return revisit_tasks.remind(getdate(), revisit_tasks.to_remind(getdate()))


def follow_missed(on: Any = None) -> None:
	on = on or getdate()
	revisit_tasks.follow_missed(on, revisit_tasks.to_follow(on))


def settle_readmissions() -> None:
	revisit_detection.check(revisit_detection.with_readmission_to_settle(getdate()), getdate())


class TestExpected:
	def test_comes_with_the_discharge(self) -> None:
		discharge = left()
		doc = revisit_of(discharge)
		assert (doc.key, doc.status, doc.expected_on, doc.origin) == (
			f"discharge|{discharge.name}",
			"Expected",
			day(14),
			"Discharge",
		)
		assert (doc.plan, doc.department, doc.patient_name) == (
			discharge.plan,
			discharge.department,
			discharge.patient_name,
		)

	def test_one_that_came_past_every_event_is_found_at_night(self) -> None:
		discharge, other = left(), left(None)
		frappe.db.delete(REVISIT, {"discharge": discharge.name})
		revisits.catch_up(revisits.forgotten(getdate()))
		assert revisit_of(discharge).expected_on == day(14)
		assert not frappe.db.exists(REVISIT, {"discharge": other.name})
		assert revisits.forgotten(getdate()) == []

	def test_no_date_no_revisit(self) -> None:
		assert not frappe.db.exists(REVISIT, {"discharge": left(None).name})

	def test_saving_again_changes_nothing(self) -> None:
		discharge = left()
		before = revisit_of(discharge).as_dict()
		discharge.save()
		assert revisit_of(discharge).as_dict() == before

	def test_moves_with_the_discharge(self) -> None:
		discharge = left()
		discharge.revisit_date = day(21)
		discharge.save()
		assert revisit_of(discharge).expected_on == day(21)

	def test_a_missed_one_is_expected_on_the_new_day(self) -> None:
		discharge = left(-3)
		revisits.write({revisit_of(discharge).name: {"status": "Missed"}})
		discharge.revisit_date = day(3)
		discharge.save()
		assert (revisit_of(discharge).status, revisit_of(discharge).expected_on) == ("Expected", day(3))

	def test_what_was_agreed_since_stays_when_the_discharge_says_nothing_new(self) -> None:
		discharge = left()
		revisits.write({revisit_of(discharge).name: {"expected_on": day(16), "status": "Booked"}})
		discharge.instructions = "Rest"
		discharge.save()
		assert (revisit_of(discharge).status, revisit_of(discharge).expected_on) == ("Booked", day(16))

	@pytest.mark.parametrize(
		("change", "reason"),
		[
			({"cancelled": 1, "cancel_reason": "by mistake"}, "discharge_cancelled"),
			({"disposition": "Transferred"}, "transferred"),
			({"disposition": "Hospice"}, "hospice"),
			({"revisit_date": None}, "no_revisit_date"),
		],
	)
	def test_is_not_expected_any_more_and_comes_back(self, change: dict[str, Any], reason: str) -> None:
		discharge = left()
		before = {field: discharge.get(field) for field in change}
		discharge.update(change)
		discharge.save()
		doc = revisit_of(discharge)
		assert (doc.status, doc.status_reason) == ("Cancelled", reason)
		discharge.update(before)
		discharge.save()
		assert (revisit_of(discharge).status, revisit_of(discharge).status_reason) == ("Expected", None)

	def test_a_persons_cancellation_stays(self) -> None:
		discharge = left()
		revisits.cancel([revisit_of(discharge).name], "The patient moved abroad")
		discharge.save()
		assert revisit_of(discharge).status == "Cancelled"

	def test_death_ends_it_and_a_mistaken_death_brings_it_back(self) -> None:
		discharge = left()
		patient = frappe.get_doc("Follow-up Patient", discharge.patient)
		patient.status = "Deceased"
		patient.save()
		revisits.settle_deaths(revisits.with_death_to_settle())
		assert (revisit_of(discharge).status, revisit_of(discharge).status_reason) == (
			"Cancelled",
			"deceased",
		)
		patient.reload()
		patient.status = "Active"
		patient.save()
		revisits.settle_deaths(revisits.with_death_to_settle())
		assert revisit_of(discharge).status == "Expected"

	def test_the_preparation_is_the_hospitals_text_for_the_condition(self) -> None:
		advice(
			title="Gallbladder revisit",
			topic="Revisit",
			language="en",
			body="<p>Come with an empty stomach.</p><ul><li>Bring the letter</li><li>Bring your card</li></ul>",
			conditions=[{"code": "K80"}],
		)
		patient = make.patient(language="en")
		discharge = left(of=patient.name, diagnoses=[{"code": "K80.2", "title": "Gallstones", "primary": 1}])
		assert (
			revisit_of(discharge).preparation
			== "Come with an empty stomach.\nBring the letter\nBring your card"
		)

	def test_what_somebody_wrote_is_kept(self) -> None:
		discharge = left()
		doc = revisit_of(discharge)
		doc.preparation = "Bring the old films"
		doc.save()
		discharge.save()
		revisits.prepare([doc.name])
		assert revisit_of(discharge).preparation == "Bring the old films"

	def test_plain_text_has_no_markup(self) -> None:
		assert plain_text("<p>A &amp; B</p><p></p><p>C</p>") == "A & B\nC"


class TestCall:
	def test_the_day_agreed_is_the_revisits(self) -> None:
		discharge = left()
		task = make.task(patient=discharge.patient, discharge=discharge.name)
		log = make.log(task, "Reached Patient", revisit_booked_on=day(10))
		doc = revisit_of(discharge)
		assert (doc.status, doc.expected_on, doc.agreed_in) == ("Booked", day(10), log.name)
		assert doc.reminded_on == frappe.db.get_value(LOG, log.name, "contacted_at")
		assert frappe.db.get_value(LOG, log.name, "revisit_reminded") == 1

	def test_cancelling_the_call_takes_it_back(self) -> None:
		discharge = left()
		log = make.log(
			make.task(patient=discharge.patient, discharge=discharge.name),
			"Reached Patient",
			revisit_booked_on=day(10),
		)
		log.cancel()
		doc = revisit_of(discharge)
		assert (doc.status, doc.expected_on, doc.reminded_on) == ("Expected", day(14), None)

	def test_a_patient_without_a_revisit_gets_one(self) -> None:
		discharge = left(None)
		task = make.task(patient=discharge.patient, discharge=discharge.name)
		log = make.log(task, "Reached Patient", revisit_booked_on=day(10))
		doc = revisit_of(discharge)
		assert (doc.key, doc.origin, doc.status) == (f"log|{log.name}", "Contact", "Booked")
		log.cancel()
		doc.reload()
		assert (doc.status, doc.status_reason) == ("Cancelled", "log_cancelled")

	@pytest.mark.parametrize(("ago", "moved"), [(60, True), (61, False)])
	def test_only_a_revisit_missed_lately_is_given_the_day(self, ago: int, moved: bool) -> None:
		discharge = left(-ago, days_ago=80)
		old = revisit_of(discharge)
		revisits.write({old.name: {"status": "Missed"}})
		task = make.task(patient=discharge.patient, discharge=discharge.name)
		shown = revisit_of_contact(frappe._dict(task.as_dict()))
		log = make.log(task, "Reached Patient", revisit_booked_on=day(10))
		agreed = frappe.get_doc(REVISIT, {"agreed_in": log.name})
		assert (shown and shown.name) == (old.name if moved else None)
		assert (agreed.name == old.name) == moved
		assert agreed.expected_on == day(10)

	def test_the_tasks_own_revisit_comes_first(self) -> None:
		discharge = left(14)
		other = left(2, of=discharge.patient, days_ago=10)
		own = revisit_of(discharge).name
		task = make.task(patient=discharge.patient, kind="Revisit", revisit=own)
		assert revisit_of_contact(frappe._dict(task.as_dict())).name == own
		make.log(task, "Reached Patient", revisit_booked_on=day(10))
		assert (revisit_of(discharge).expected_on, revisit_of(other).expected_on) == (day(10), day(2))

	@pytest.mark.parametrize("outcome", ["No Answer", "Callback Requested", "Declined"])
	def test_who_was_not_told_agreed_on_nothing(self, outcome: str) -> None:
		discharge = left()
		task = make.task(patient=discharge.patient, discharge=discharge.name)
		log = make.log(task, outcome, revisit_booked_on=day(10), revisit_reminded=1)
		assert revisit_of(discharge).status == "Expected"
		assert frappe.db.get_value(LOG, log.name, "revisit_reminded") == 0

	def test_a_tick_is_a_reminder(self) -> None:
		discharge = left()
		make.log(make.task(patient=discharge.patient), "Reached Caregiver", revisit_reminded=1)
		assert revisit_of(discharge).reminded_on

	def test_a_call_about_the_revisit_is_a_reminder(self) -> None:
		discharge = left()
		log = make.log(make.task(patient=discharge.patient, kind="Revisit"), "Reached Patient")
		assert frappe.db.get_value(LOG, log.name, "revisit_reminded") == 1


class TestReminder:
	def test_a_call_two_days_before(self) -> None:
		discharge = left(2)
		quiet(discharge)
		assert remind() == 1
		(task,) = of_kind(revisit_of(discharge))
		assert (task.channel, task.reasons, task.expires_on) == ("Phone", "no_channel", day(2))
		assert remind() == 0

	def test_not_three_days_before(self) -> None:
		quiet(left(3))
		assert remind() == 0

	def test_a_planned_contact_before_it_carries_it(self) -> None:
		discharge = left(2)
		quiet(discharge)
		make.task(patient=discharge.patient, due_date=day(1), opens_on=day(1))
		assert remind() == 0

	def test_a_planned_contact_on_the_day_itself_comes_too_late(self) -> None:
		discharge = left(2)
		quiet(discharge)
		make.task(patient=discharge.patient, due_date=day(2), opens_on=day(2))
		assert remind() == 1

	def test_who_was_reminded_lately_is_left_in_peace(self) -> None:
		discharge = left(2)
		quiet(discharge)
		make.log(make.task(patient=discharge.patient), "Reached Patient", revisit_reminded=1)
		assert remind() == 0

	def test_a_reminder_long_ago_has_been_forgotten(self) -> None:
		discharge = left(2)
		quiet(discharge)
		revisits.write({revisit_of(discharge).name: {"reminded_on": f"{day(-6)} 10:00:00"}})
		assert remind() == 1

	def test_another_day_is_reminded_of_anew(self) -> None:
		discharge = left(2)
		quiet(discharge)
		remind()
		discharge.revisit_date = day(1)
		discharge.save()
		revisit = revisit_of(discharge)
		assert [task.status_reason for task in of_kind(revisit)] == ["revisit_settled"]
		assert remind() == 1
		assert [task.status for task in of_kind(revisit)] == ["Cancelled", "Scheduled"]

	def test_a_cancellation_taken_back_brings_the_reminder_back(self) -> None:
		discharge = left(2)
		quiet(discharge)
		remind()
		revisit = revisit_of(discharge)
		revisits.cancel([revisit.name], "discharge_cancelled")
		assert [task.status for task in of_kind(revisit)] == ["Cancelled"]
		revisits.write({revisit.name: {"status": "Expected"}})
		assert remind() == 1
		assert [task.status for task in of_kind(revisit)] == ["Open"]

	@pytest.mark.parametrize(
		"values",
		[
			{"decision": "Excluded", "decision_reason": "hold_out"},
			{"decision": "Excluded", "decision_reason": "withdrawn"},
			{"decision": "Pending"},
		],
	)
	def test_who_is_not_followed_up_is_not_reminded(self, values: dict[str, str]) -> None:
		discharge = left(2)
		quiet(discharge)
		frappe.db.set_value(DISCHARGE, discharge.name, values)
		assert remind() == 0
		assert revisit_of(discharge).status == "Expected"

	@pytest.mark.parametrize("status", ["Paused", "Stopped"])
	def test_nor_is_anybody_whose_plan_stands_still(self, status: str) -> None:
		discharge = left(2)
		quiet(discharge)
		frappe.db.set_value("Follow-up Plan", discharge.plan, "status", status)
		assert remind() == 0

	def test_nor_is_who_does_not_want_to_be_contacted(self) -> None:
		discharge = left(2)
		quiet(discharge)
		frappe.db.set_value("Follow-up Patient", discharge.patient, "status", "Do Not Contact")
		assert remind() == 0

	def test_switched_off(self) -> None:
		quiet(left(2))
		frappe.db.set_single_value("Follow-up Settings", "revisit_reminder_days", 0)
		assert remind() == 0

	def test_a_message_does_it_where_the_hospital_sends(self, sms) -> None:
		discharge = left(2)
		quiet(discharge)
		revisit = revisit_of(discharge)
		assert (remind(), remind()) == (0, 0)
		(message,) = messages_of(revisit=revisit.name)
		assert (message.occasion, message.status, message.task) == ("Revisit Reminder", "Queued", None)
		assert message.expires_at == get_datetime(f"{day(1)} 17:00:00")
		ended(message, "Sent")
		assert (remind(), of_kind(revisit)) == (0, [])

	def test_a_lost_reminder_is_a_call(self, sms) -> None:
		discharge = left(2)
		quiet(discharge)
		remind()
		revisit = revisit_of(discharge)
		ended(messages_of(revisit=revisit.name)[0], "Expired", "not_live")
		(task,) = of_kind(revisit)
		assert (task.channel, task.reasons, task.expires_on) == ("Phone", "message_too_late", day(2))
		assert remind() == 0

	def test_another_day_takes_the_waiting_message_back(self, sms) -> None:
		frappe.db.set_single_value("Follow-up Settings", "revisit_reminder_days", 3)
		discharge = left(3)
		quiet(discharge)
		remind()
		discharge.revisit_date = day(2)
		discharge.save()
		revisit = revisit_of(discharge)
		assert notices(revisit) == [("Revisit Reminder", "Suppressed")]
		remind()
		assert notices(revisit) == [("Revisit Reminder", "Suppressed"), ("Revisit Reminder", "Queued")]
		assert of_kind(revisit) == []

	def test_a_day_that_comes_back_after_its_message_was_taken_back_is_a_call(self, sms) -> None:
		discharge = left(2)
		quiet(discharge)
		remind()
		for offset in (20, 2):
			discharge.revisit_date = day(offset)
			discharge.save()
		assert remind() == 1
		revisit = revisit_of(discharge)
		assert notices(revisit) == [("Revisit Reminder", "Suppressed")]
		assert [(task.status, task.reasons) for task in of_kind(revisit)] == [
			("Scheduled", "message_too_late")
		]

	def test_a_service_that_comes_later_sends_nothing_beside_the_call(self) -> None:
		discharge = left(2)
		quiet(discharge)
		remind()
		hospital("SMS")
		assert remind() == 0
		assert notices(revisit_of(discharge)) == []

	@pytest.mark.parametrize("status", ["Deceased", "Do Not Contact"])
	def test_a_lost_reminder_calls_nobody_who_is_not_to_be_contacted(self, sms, status) -> None:
		discharge = left(2)
		quiet(discharge)
		remind()
		revisit = revisit_of(discharge)
		frappe.db.set_value("Follow-up Patient", discharge.patient, "status", status)
		ended(messages_of(revisit=revisit.name)[0], "Suppressed", "deceased")
		assert of_kind(revisit) == []

	def test_a_childs_guardian_is_reminded(self) -> None:
		child = make.patient(date_of_birth=day(-2000), caregiver_name="王母", caregiver_mobile="13900139000")
		discharge = left(2, of=child.name)
		quiet(discharge)
		remind()
		assert of_kind(revisit_of(discharge))[0].contact_point == "Caregiver"


@pytest.fixture
def sms() -> None:
	"""The hospital sends text messages and calls on every day."""
	hospital("SMS", default_calendar=every_day())


def notices(revisit: Any) -> list[tuple[str, str]]:
	return [(row.occasion, row.status) for row in messages_of(revisit=revisit.name)]


def missed(days_ago: int, **fields: Any) -> Any:
	discharge = left(-days_ago, **fields)
	quiet(discharge)
	revisits.write({revisit_of(discharge).name: {"status": "Missed"}})
	return revisit_of(discharge)


def steps_of(revisit: Any) -> list[str]:
	return [task.key.split("|")[2] for task in of_kind(revisit)]


def on_the_clock(moment: str) -> datetime:
	"""That moment on the site's clock."""
	return get_datetime(moment).replace(tzinfo=ZoneInfo(get_system_timezone()))


class TestReminderInTime:
	"""Monday to Friday, calls until 20:00; the visit is on the day after tomorrow."""

	@pytest.mark.parametrize(
		("now", "until"),
		[
			("2026-11-17 00:10:00", "2026-11-18 17:00:00"),
			("2026-11-19 10:00:00", "2026-11-20 17:00:00"),
			("2026-11-20 16:59:00", "2026-11-20 17:00:00"),
			("2026-11-21 00:10:00", "2026-11-22 17:00:00"),
		],
		ids=["the day before", "visit on Saturday", "visit on Sunday", "over the weekend"],
	)
	def test_a_message_has_until_somebody_can_still_call(self, now: str, until: str) -> None:
		with freeze_time(on_the_clock(now)):
			hospital("SMS")
			discharge = left(2)
			quiet(discharge)
			assert remind() == 0
			(message,) = messages_of(revisit=revisit_of(discharge).name)
			assert (message.status, message.expires_at) == ("Queued", get_datetime(until))

	def test_too_late_for_a_message_is_a_call_at_once(self) -> None:
		with freeze_time(on_the_clock("2026-11-20 17:00:00")):
			hospital("SMS")
			discharge = left(2)
			quiet(discharge)
			assert (remind(), remind()) == (1, 0)
			revisit = revisit_of(discharge)
			(task,) = of_kind(revisit)
			assert (task.channel, task.reasons, task.due_date) == ("Phone", "message_too_late", day(0))
			assert notices(revisit) == []


@pytest.mark.commits
@pytest.mark.parametrize("why", ["not_live", "no_provider", "provider_down"])
def test_a_reminder_that_cannot_go_out_is_a_call_on_the_day_before(why: str) -> None:
	hospital("SMS", default_calendar=every_day(), quiet_from="03:00", quiet_to="03:01")
	if why != "not_live":
		go_live.switch_on()
		frappe.db.commit()  # reason: the mark of the site follows the commit
	discharge = left(2)
	quiet(discharge)
	remind()
	revisit = revisit_of(discharge)
	if why == "no_provider":
		frappe.db.set_value("Follow-up Provider", {"channel": "SMS"}, "enabled", 0)
	give_up = get_datetime(f"{day(1)} 17:00:00")
	for moment in (now_datetime(), get_datetime(f"{day(1)} 10:00:00"), add_to_date(give_up, minutes=-1)):
		sender_comes(moment, why)
		(message,) = messages_of(revisit=revisit.name)
		assert (message.status, message.status_reason, of_kind(revisit)) == ("Queued", why, [])
		assert message.send_after <= give_up
	sender_comes(give_up, why)
	(task,) = of_kind(revisit)
	assert notices(revisit) == [("Revisit Reminder", "Expired")]
	assert (task.channel, task.reasons) == ("Phone", "message_too_late")
	assert (task.due_date, task.expires_on) == (day(1), day(2))


def sender_comes(now: datetime, why: str) -> None:
	"""Whatever is due at `now` is decided on; a service that is down stays so for a while longer."""
	if why == "provider_down":
		down = {
			"breaker_failures": 5,
			"breaker_openings": 1,
			"breaker_retry_at": add_to_date(now, seconds=30),
		}
		frappe.db.set_value("Follow-up Provider", {"channel": "SMS"}, down)
	outbox_claims.claim(outbox_claims.due(now, 100, 1), now)


class TestMissedChain:
	def test_without_a_channel_that_sends_the_call_comes_at_once(self) -> None:
		revisit = missed(1)
		follow_missed()
		assert [(task.channel, task.expires_on) for task in of_kind(revisit)] == [("Phone", day(7))]
		assert steps_of(revisit) == ["call"]
		follow_missed(day(2))
		assert steps_of(revisit) == ["call"]

	def test_day_1_a_message_day_3_a_call(self, sms) -> None:
		revisit = missed(1)
		follow_missed()
		assert (notices(revisit), steps_of(revisit)) == ([("Missed Revisit Notice", "Queued")], [])
		follow_missed(day(1))
		assert (len(notices(revisit)), steps_of(revisit)) == (1, [])
		follow_missed(day(2))
		assert (len(notices(revisit)), steps_of(revisit)) == (1, ["call"])

	@pytest.mark.parametrize(("status", "why"), [("Failed", "refused"), ("Uncertain", "unresolved")])
	def test_a_notice_that_is_lost_is_a_call_at_once_and_no_second_one(self, sms, status, why) -> None:
		revisit = missed(1)
		follow_missed()
		for _time in range(2):
			ended(messages_of(revisit=revisit.name)[0], status, why)
		(call,) = of_kind(revisit)
		assert (call.channel, call.reasons) == (
			"Phone",
			"message_failed" if status == "Failed" else "message_uncertain",
		)
		follow_missed(day(2))
		assert steps_of(revisit) == ["call"]

	def test_a_notice_that_arrived_leaves_the_call_to_day_3(self, sms) -> None:
		revisit = missed(1)
		follow_missed()
		ended(messages_of(revisit=revisit.name)[0], "Delivered")
		frappe.db.set_value("Follow-up Provider", {"channel": "SMS"}, "enabled", 0)
		follow_missed(day(1))
		assert steps_of(revisit) == []
		follow_missed(day(2))
		assert steps_of(revisit) == ["call"]

	def test_where_no_text_is_approved_a_person_calls(self, sms) -> None:
		frappe.db.set_value("Message Template", {"channel": "SMS"}, "status", "Retired")
		revisit = missed(1)
		follow_missed()
		assert [(task.channel, task.reasons) for task in of_kind(revisit)] == [("Phone", "no_template")]

	@pytest.mark.parametrize("values", [{"risk_tier": "High"}, {"special_care": 1}])
	def test_for_high_risk_and_special_care_only_a_person_will_do(self, sms, values) -> None:
		revisit = missed(1)
		frappe.db.set_value("Follow-up Patient", revisit.patient, values)
		follow_missed()
		assert ([task.channel for task in of_kind(revisit)], notices(revisit)) == (["Phone"], [])

	def test_five_days_of_outage_are_caught_up_by_the_call_alone(self, sms) -> None:
		revisit = missed(6)
		follow_missed()
		assert (steps_of(revisit), notices(revisit)) == (["call"], [])

	def test_nobody_is_called_about_last_years_revisit(self) -> None:
		revisit = missed(19)
		follow_missed()
		assert of_kind(revisit) == []

	def test_coming_late_calls_the_chain_off(self) -> None:
		revisit = missed(2)
		follow_missed()
		revisit.reload()
		revisit.update({"status": "Attended", "attended_on": today()})
		revisit.save()
		assert [(task.status, task.status_reason) for task in of_kind(revisit)] == [
			("Cancelled", "revisit_settled")
		]

	def test_a_new_day_starts_anew(self) -> None:
		revisit = missed(2)
		follow_missed()
		(call,) = of_kind(revisit)
		make.log(frappe.get_doc(TASK, call.name), "Reached Patient", revisit_booked_on=day(5))
		revisit.reload()
		assert (revisit.status, revisit.expected_on) == ("Booked", day(5))
		assert of_kind(revisit)[0].status == "Completed"

	def test_where_nobody_knows_a_person_asks(self) -> None:
		discharge = left(-3)
		quiet(discharge)
		revisit = revisit_of(discharge)
		revisit_detection.check([revisit.name], getdate())
		revisit.reload()
		assert revisit.status == "Expected"
		follow_missed()
		assert steps_of(revisit) == ["ask"]


@pytest.mark.commits
class TestOneBadRow:
	def noted(self, job: str, name: str) -> int:
		runs = frappe.get_all("Follow-up Run", filters={"job": job}, pluck="name", order_by="name")
		return frappe.db.count("Follow-up Run Error", {"parent": ("in", runs), "reference_name": name})

	def test_leaves_the_others_their_readmissions(self) -> None:
		"""A revisit whose patient was deleted past every event."""
		lost, good = left(2), left(2)
		for discharge in (lost, good):
			frappe.db.set_value(DISCHARGE, discharge.name, "readmitted_on", today())
		frappe.db.set_value(REVISIT, {"discharge": lost.name}, "patient", "nobody")
		jobs.followup_dispatch_tick()
		assert revisit_of(good).status_reason == "readmitted"
		assert self.noted("dispatch", revisit_of(lost).name) == 1

	def test_leaves_the_others_their_revisits(self) -> None:
		"""A name so long that no key made of it fits."""
		bad, good = left(), left()
		frappe.db.delete(REVISIT, {"discharge": ("in", (bad.name, good.name))})
		frappe.db.set_value(DISCHARGE, bad.name, "name", "B" * 138)
		jobs.followup_find_revisits()
		assert revisit_of(good).expected_on == day(14)
		assert self.noted("revisits", "B" * 138) == 1


class TestMistypedYear:
	def test_a_discharge_names_a_revisit_within_five_years(self) -> None:
		discharge = left(None, days_ago=20)
		discharge.revisit_date = add_years(discharge.discharge_date, 5)
		discharge.save()
		discharge.revisit_date = add_days(discharge.revisit_date, 1)
		with pytest.raises(InvalidPeriodError, match="more than 5 years after the discharge"):
			discharge.save()

	def test_one_that_is_recorded_already_does_not_stop_other_changes(self) -> None:
		discharge = left()
		frappe.db.set_value(DISCHARGE, discharge.name, "revisit_date", "2206-12-01")
		discharge.reload()
		discharge.instructions = "Rest"
		discharge.save()
		assert frappe.db.get_value(DISCHARGE, discharge.name, "instructions") == "Rest"

	@pytest.mark.parametrize(("years", "beyond"), [(-2, -1), (5, 1)])
	def test_a_revisit_is_expected_within_reason(self, years: int, beyond: int) -> None:
		doc = revisit_of(left())
		doc.expected_on = add_years(getdate(), years)
		doc.save()
		doc.expected_on = add_days(doc.expected_on, beyond)
		with pytest.raises(InvalidPeriodError, match="cannot be the day of a revisit"):
			doc.save()
		frappe.db.set_value(REVISIT, doc.name, "expected_on", doc.expected_on)
		doc.reload()
		doc.preparation = "Bring the old films"
		doc.save()


class TestUnknown:
	def ended(self) -> Any:
		discharge = left(-61, days_ago=80)
		name = revisit_of(discharge).name
		assert name in revisit_detection.candidates(getdate())
		revisit_detection.check([name], getdate())
		return discharge

	def test_nobody_looks_for_ever(self) -> None:
		doc = revisit_of(self.ended())
		assert (doc.status, doc.status_reason) == ("Cancelled", "nobody_knows")
		assert doc.name not in revisit_detection.candidates(getdate())

	def test_saving_the_discharge_does_not_bring_it_back_but_a_new_day_does(self) -> None:
		discharge = self.ended()
		discharge.save()
		assert revisit_of(discharge).status == "Cancelled"
		discharge.revisit_date = day(5)
		discharge.save()
		doc = revisit_of(discharge)
		assert (doc.status, doc.status_reason, doc.expected_on) == ("Expected", None, day(5))


class TestAttribution:
	def attended(self, discharge: Any, on: int) -> Any:
		doc = revisit_of(discharge)
		doc.update({"status": "Attended", "attended_on": day(on)})
		doc.save()
		return doc

	def reminded(self, discharge: Any, on: int, outcome: str = "Reached Patient", **fields: Any) -> Any:
		at = f"{day(on)} 10:00:00"
		task = make.task(patient=discharge.patient)
		return make.log(task, outcome, contacted_at=at, revisit_reminded=1, **fields)

	def test_goes_to_the_latest_contact_that_reminded(self) -> None:
		discharge = left(-2)
		self.reminded(discharge, -9)
		latest = self.reminded(discharge, -4)
		make.log(make.task(patient=discharge.patient), "Reached Patient", contacted_at=f"{day(-3)} 10:00:00")
		assert self.attended(discharge, -2).attributed_log == latest.name

	def test_not_to_one_after_the_visit(self) -> None:
		discharge = left(-2)
		self.reminded(discharge, -1)
		assert self.attended(discharge, -2).attributed_log is None

	@pytest.mark.parametrize(("on", "counts"), [(-32, True), (-33, False)])
	def test_only_within_thirty_days(self, on: int, counts: bool) -> None:
		discharge = left(-2, days_ago=50)
		log = self.reminded(discharge, on)
		assert self.attended(discharge, -2).attributed_log == (log.name if counts else None)

	def test_not_to_a_contact_before_this_stay(self) -> None:
		discharge = left(-2, days_ago=10)
		self.reminded(discharge, -12)
		assert self.attended(discharge, -2).attributed_log is None

	def test_not_to_who_was_not_reached(self) -> None:
		discharge = left(-2)
		self.reminded(discharge, -4, "No Answer")
		assert self.attended(discharge, -2).attributed_log is None

	def test_a_late_entry_counts_and_its_cancelling_takes_it_back(self) -> None:
		discharge = left(-2)
		doc = self.attended(discharge, -2)
		log = self.reminded(discharge, -4)
		doc.reload()
		assert doc.attributed_log == log.name
		log.cancel()
		doc.reload()
		assert doc.attributed_log is None


class TestReadmission:
	def readmitted(self, discharge: Any) -> Any:
		fields = ["readmitted_on", "readmission_evidence_doctype", "readmission_evidence"]
		return frappe.db.get_value(DISCHARGE, discharge.name, fields)

	@pytest.mark.parametrize(("gap", "counts"), [(30, True), (31, False)])
	def test_another_discharge_tells_of_it(self, gap: int, counts: bool) -> None:
		first = left(None, days_ago=60)
		admitted = day(-60 + gap)
		second = make.discharge(first.patient, admission_date=admitted, discharge_date=day(-20))
		expected = (admitted, DISCHARGE, second.name) if counts else (None, None, None)
		assert self.readmitted(first) == expected
		assert self.readmitted(second) == (None, None, None)

	def test_the_earlier_stay_may_be_entered_later(self) -> None:
		patient = make.patient()
		second = make.discharge(patient.name, admission_date=day(-30), discharge_date=day(-25))
		first = make.discharge(patient.name, admission_date=day(-50), discharge_date=day(-40))
		assert self.readmitted(first) == (day(-30), DISCHARGE, second.name)

	def test_a_cancelled_stay_is_none(self) -> None:
		first = left(None, days_ago=60)
		second = make.discharge(first.patient, admission_date=day(-50), discharge_date=day(-45))
		second.update({"cancelled": 1, "cancel_reason": "wrong patient"})
		second.save()
		assert self.readmitted(first) == (None, None, None)

	def test_a_call_that_tells_of_another_hospital(self) -> None:
		first = left(10, days_ago=12)
		log = make.log(make.task(patient=first.patient, discharge=first.name), "Readmitted")
		assert self.readmitted(first) == (day(0), LOG, log.name)
		settle_readmissions()
		assert (revisit_of(first).status, revisit_of(first).status_reason) == ("Cancelled", "readmitted")
		log.cancel()
		assert self.readmitted(first) == (None, None, None)
		settle_readmissions()
		assert revisit_of(first).status == "Expected"

	def test_an_admission_after_the_day_leaves_it_missed(self) -> None:
		revisit = missed(7)
		task = make.task(patient=revisit.patient, discharge=revisit.discharge)
		make.log(task, "Readmitted")
		assert frappe.db.get_value(DISCHARGE, revisit.discharge, "readmitted_on") == day(0)
		settle_readmissions()
		revisit.reload()
		assert revisit.status == "Missed"

	def test_a_stay_of_unknown_beginning_proves_nothing(self) -> None:
		first = left(None, days_ago=60)
		make.discharge(first.patient, discharge_date=day(-45))
		assert self.readmitted(first) == (None, None, None)
