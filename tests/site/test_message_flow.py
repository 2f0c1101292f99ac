"""From the discharge to the patient's answer, over a real socket: the service is a stub that speaks its documented protocol."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import frappe
import pytest
from frappe.utils import add_days, getdate, now_datetime

from hospital_followup import jobs, page_api
from hospital_followup.services import go_live, page_links
from hospital_followup.tests import factories as make
from tests.providers.stubs import Said, Seen, Stub, running
from tests.site.call_samples import questionnaire
from tests.site.message_samples import every_day, hospital, messages_of

pytestmark = pytest.mark.commits
#: A bad number in the words of Twilio's documentation.
REFUSED = Said(json.dumps({"code": 21211, "message": "invalid", "status": 400}).encode(), 400)


class Texts:
	"""Twilio's side: takes every text once asked, or refuses each."""

	name = "twilio_sms"
	secrets = ()

	def __init__(self) -> None:
		self.accepted: Counter[str] = Counter()
		self.bodies: list[str] = []
		self.refuses = False

	def carries_message(self, seen: Seen) -> bool:
		return seen.method == "POST"

	def handle(self, seen: Seen) -> Said:
		if self.refuses:
			return REFUSED
		fields = dict(parse_qsl(seen.body.decode()))
		self.accepted[dict(parse_qsl(urlsplit(fields["StatusCallback"]).query))["reference"]] += 1
		self.bodies.append(fields["Body"])
		row = {"sid": f"SM{len(self.bodies):032d}", "status": "queued", "error_code": None}
		return Said(json.dumps(row).encode(), 201)


@pytest.fixture
def service() -> Iterator[Stub]:
	"""A hospital that is live and texts low-risk patients at any hour."""
	make.standard_policy()
	frappe.db.set_value("Follow-up Questionnaire", {"status": "Approved"}, "status", "Retired")
	with running(Texts()) as stub:
		hospital("SMS", quiet_from="03:00", quiet_to="03:01", default_calendar=every_day())
		frappe.get_doc("Follow-up Provider", {"channel": "SMS"}).update(
			{"endpoint": stub.url, "allow_private": 1, "secret": "secret"}
		).save()
		go_live.switch_on()
		yield stub


def discharged(*, days_ago: int = 7) -> Any:
	"""A low-risk patient of low value: one contact by SMS, on day 7 (clinical.md, section 1)."""
	patient = make.patient(language="en")
	make.value(patient.name, "Low")
	stay = make.discharge(patient.name, given_risk_tier="Low", discharge_date=add_days(getdate(), -days_ago))
	(task,) = make.tasks_of(stay.plan)
	assert task.channel == "SMS"
	return frappe._dict(stay=stay, task=task.name, patient=patient.name)


def tick(times: int = 1) -> None:
	for _time in range(times):
		frappe.db.commit()  # reason: the dispatcher is another process in real life
		jobs.followup_dispatch_tick()


def task_of(case: Any) -> frappe._dict:
	return frappe.db.get_value("Follow-up Task", case.task, "*", as_dict=True)


def answer(body: str, **answers: Any) -> None:
	"""The patient opens the link of the text and answers."""
	token = body.partition("#")[2].split()[0]
	frappe.cache.delete_keys("followup_page")
	frappe.set_user("Guest")
	try:
		page_api.hand_in(token=token, answers=answers)
	finally:
		frappe.set_user("Administrator")
		frappe.local.lang = "en"


def test_a_text_goes_out_once_and_its_answer_completes_the_contact(service: Stub) -> None:
	questionnaire()
	case = discharged()
	tick(3)
	assert list(service.service.accepted.values()) == [1]
	(message,) = messages_of(task=case.task)
	assert (message.status, bool(message.provider_id)) == ("Sent", True)
	(body,) = service.service.bodies
	assert page_links.link_of(message.survey) in body
	assert page_links.token_of(message.survey) not in str(message)
	answer(body, pain=1, fever="No")
	task = task_of(case)
	assert (task.status, task.outcome, task.channel) == ("Completed", "Replied", "SMS")
	tick(2)
	assert list(service.service.accepted.values()) == [1]
	assert task_of(case).status == "Completed"


def test_an_alarming_answer_is_a_persons_and_raises_the_alarm(service: Stub) -> None:
	questionnaire()
	case = discharged()
	tick()
	answer(service.service.bodies[0], pain=9, fever="No")
	tick()
	task = task_of(case)
	assert (task.status, task.channel, task.status_reason) == ("Open", "Phone", "self_report_needs_a_person")
	assert frappe.db.exists("Follow-up Alert", {"patient": case.patient, "severity": "Red"})
	assert sum(service.service.accepted.values()) == 1


def test_a_text_that_the_service_refuses_is_a_persons(service: Stub) -> None:
	questionnaire()
	service.service.refuses = True
	case = discharged()
	tick(3)
	task = task_of(case)
	assert (task.status, task.channel, task.status_reason) == ("Open", "Phone", "message_failed")
	assert (messages_of(task=case.task)[0].status, len(service.messages)) == ("Failed", 1)


def test_an_outage_of_five_days_is_caught_up_by_one_text(service: Stub) -> None:
	questionnaire()
	case = discharged(days_ago=12)
	tick(2)
	assert list(service.service.accepted.values()) == [1]
	assert task_of(case).status == "Open"


def test_nobody_answers_one_last_ask_and_then_a_call(service: Stub) -> None:
	questionnaire()
	frappe.get_doc("Follow-up Settings").update({"unanswered_messages": 1}).save()
	case = discharged(days_ago=12)
	tick()
	aged(case, "Scheduled Contact", 3)
	tick(2)
	assert len(service.service.bodies) == 2 and max(service.service.accepted.values()) == 1
	aged(case, "Last Ask", 2)
	tick(2)
	task = task_of(case)
	assert (task.status, task.channel, task.status_reason) == ("Open", "Phone", "messages_unanswered")
	assert len(service.service.bodies) == 2


@pytest.mark.parametrize(
	"change",
	[
		{"doctype": "Follow-up Patient", "status": "Deceased"},
		{"doctype": "Follow-up Patient", "status": "Do Not Contact", "status_reason": "Asked us to stop"},
		{"doctype": "Follow-up Consent"},
		{"doctype": "Patient Discharge"},
	],
	ids=["died", "do not contact", "withdrew", "readmitted"],
)
def test_nobody_is_written_to_who_died_withdrew_or_is_back_in_hospital(
	service: Stub, change: dict[str, Any]
) -> None:
	questionnaire()
	case = discharged()
	frappe.get_doc("Follow-up Settings").update({"go_live": 0}).save()
	tick()
	assert [row.status for row in messages_of(task=case.task)] == ["Queued"]
	if change["doctype"] == "Follow-up Patient":
		frappe.get_doc("Follow-up Patient", case.patient).update(change).save()
	elif change["doctype"] == "Follow-up Consent":
		words = {
			"patient": case.patient,
			"purpose": "Clinical",
			"channel": "All",
			"withdrawn_on": now_datetime(),
		}
		frappe.get_doc({**change, **words}).insert()
	else:
		make.discharge(case.patient, given_risk_tier="High")
	go_live.switch_on()
	tick(2)
	assert service.messages == []
	assert [row.status for row in messages_of(task=case.task)] == ["Suppressed"]
	assert task_of(case).status == "Cancelled"


def test_without_a_service_people_do_everything_and_are_told_why(service: Stub) -> None:
	questionnaire()
	case = discharged()
	frappe.db.set_value("Follow-up Provider", {"channel": "SMS"}, "enabled", 0)
	tick(2)
	task = task_of(case)
	assert (task.status, task.channel, task.status_reason) == ("Open", "Phone", "no_provider")
	patient = make.patient(language="en")
	make.value(patient.name, "Low")
	stay = make.discharge(patient.name, given_risk_tier="Low")
	assert [row.channel for row in make.tasks_of(stay.plan)] == ["Phone"]


def aged(case: Any, occasion: str, days: int) -> None:
	"""So many days go by after that message."""
	(message,) = messages_of(task=case.task, occasion=occasion)
	at = add_days(now_datetime(), -days)
	frappe.db.set_value("Follow-up Message", message.name, {"sent_at": at, "send_after": at})
