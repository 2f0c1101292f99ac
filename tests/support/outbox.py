"""Messages that are due, a provider that points to a stub, and what became of everything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta

import frappe
from frappe.utils import now_datetime

from hospital_followup import jobs
from hospital_followup.hospital_followup.doctype.follow_up_provider.follow_up_provider import FollowupProvider
from hospital_followup.services import go_live, messages
from hospital_followup.services.health import checks, worst
from hospital_followup.services.messages import Wanted
from hospital_followup.services.runs import RUN
from hospital_followup.services.writer import insert_rows, new_names
from hospital_followup.tests import factories
from tests.providers.services import aliyun, twilio
from tests.providers.stubs import Service, Stub
from tests.stack.connection import Site
from tests.support.carriers import Forgetful, Mindful
from tests.support.processes import Program

MESSAGE, PATIENT, PROVIDER, TASK = (
	"Follow-up Message",
	"Follow-up Patient",
	"Follow-up Provider",
	"Follow-up Task",
)
SETTINGS = "Follow-up Settings"
OCCASION = "Scheduled Contact"
ACCOUNTS = {
	Forgetful: {
		"provider": "Twilio SMS",
		"account": twilio.ACCOUNT,
		"secret": twilio.TOKEN,
		"sender": "+15005550006",
	},
	Mindful: {
		"provider": "Aliyun SMS",
		"account": aliyun.KEY_ID,
		"secret": aliyun.SECRET,
		"sender": "示例医院",
	},
}
SEND = """
	from hospital_followup import jobs
	jobs.followup_send_messages()
"""
TICK = """
	from hospital_followup import jobs
	jobs.followup_dispatch_tick()
"""
#: Times that go back with the calendar when a test lets time pass.
TIMES = {
	MESSAGE: ("send_after", "expires_at", "claimed_until", "tried_at", "sent_at", "asked_at"),
	PROVIDER: ("breaker_retry_at",),
	RUN: ("started_at", "ended_at"),
}


def open_for_sending(**settings: object) -> None:
	"""A site that sends at any hour, also without a consent, and is live."""
	doc = frappe.get_doc(SETTINGS)
	doc.update(
		{
			"base_url": "https://followup.example.org",
			"hospital_name": "Example Hospital",
			"messages_without_consent": 1,
			"messages_per_day": 20,
			"messages_per_week": 50,
			"quiet_from": "00:00",
			"quiet_to": "00:00",
			**settings,
		}
	)
	doc.save()
	go_live.switch_on()
	template = {"title": "Fault", "occasion": OCCASION, "purpose": "Clinical", "channel": "SMS"}
	if not frappe.db.exists("Message Template", {"title": "Fault"}):
		doc = frappe.get_doc(
			{
				"doctype": "Message Template",
				"version": 1,
				"language": "en",
				"body": "Dear {{ patient_name }}, we think of you. Emergency: {{ emergency_number }}. Reply STOP to end.",
				"provider_template": "SMS_100",
				"variables": "name = patient_name",
				**template,
			}
		).insert()
		doc.db_set("status", "Approved")
	commit()


def provider(stub: Stub, **fields: object) -> FollowupProvider:
	"""An account with the stub's service, spoken to with a patience that suits a busy machine."""
	return account(type(stub.service), stub.url, **fields)


def account(service: type[Service], url: str, **fields: object) -> FollowupProvider:
	doc = frappe.get_doc(
		{
			"doctype": PROVIDER,
			"title": f"{service.name} {frappe.generate_hash(length=6)}",
			"enabled": 1,
			"endpoint": url,
			"allow_private": 1,
			"connect_timeout": 25,
			"read_timeout": 50,
			"total_timeout": 100,
			**ACCOUNTS[service],
			**fields,
		}
	).insert()
	commit()
	return doc


def patients(count: int) -> list[str]:
	"""Committed patients who can be written to, each with a number of its own."""
	names = new_names(count)
	insert_rows(
		PATIENT,
		[
			{
				"name": name,
				"patient_id": f"M-{name}",
				"external_key": f"|M-{name}",
				"patient_name": f"Patient {number}",
				"company": "",
				"status": "Active",
				"language": "en",
				"mobile": f"+86138{number:08d}",
				"mobile_status": "Unknown",
				"date_of_birth": "1960-01-01",
			}
			for number, name in enumerate(names)
		],
	)
	commit()
	return names


def due(count: int, *, hours: float = 72, of: Sequence[str] | None = None) -> list[str]:
	"""Committed messages that are due now, each the only one of its contact; they expire `hours` from now."""
	whose = of or patients(count)
	asked = [
		wanted(patient, task=task, hours=hours) for patient, task in zip(whose, contacts(whose), strict=True)
	]
	written = messages.write(asked)
	assert all(item.name for item in written.values()), {item.reason for item in written.values()}
	commit()
	return [written[item.key].name for item in asked]


def wanted(patient: str, *, task: str | None = None, hours: float = 72) -> Wanted:
	"""A message that is due now and expires `hours` from now."""
	now = now_datetime()
	return Wanted(
		key=f"fault|{task or patient}",
		patient=patient,
		channel="SMS",
		purpose="Clinical",
		occasion=OCCASION,
		send_after=now - timedelta(minutes=1),
		expires_at=now + timedelta(hours=hours),
		task=task,
		language="en",
	)


def contacts(of: Sequence[str]) -> list[str]:
	"""Open contacts, one of each patient, that a message is to make."""
	names = new_names(len(of))
	day, last = factories.days_from_now(0), factories.days_from_now(30)
	insert_rows(
		TASK,
		[
			{
				"name": name,
				"key": f"fault|{name}",
				"patient": patient,
				"patient_name": "Patient",
				"kind": "Planned",
				"status": "Open",
				"due_date": day,
				"opens_on": day,
				"expires_on": last,
				"channel": "SMS",
				"role": "Follow-up Specialist",
				"risk_tier": "Low",
				"company": "",
			}
			for name, patient in zip(names, of, strict=True)
		],
	)
	return names


def sender(site: Site, source: str = SEND) -> Program:
	"""A worker that sends, in a process of its own, started."""
	return Program(site, source).go()


def send() -> None:
	"""What the scheduler and the queue do when everything is well: a tick, and the job it wakes."""
	frappe.db.rollback()
	jobs.followup_dispatch_tick()
	jobs.followup_send_messages()
	frappe.db.rollback()


def later(**time: float) -> None:
	"""So much time passes: everything about messages lies that much further back."""
	back = timedelta(**time).total_seconds()
	for doctype, fields in TIMES.items():
		moved = ", ".join(f"{field} = {field} - INTERVAL %(back)s SECOND" for field in fields)
		frappe.db.sql(f"UPDATE `tab{doctype}` SET {moved}", {"back": back})  # reason: a test's own clock
	frappe.clear_document_cache(PROVIDER)
	commit()


def in_the_end(*hours: float) -> None:
	"""The hospital goes on, so many hours from one tick to the next, until nothing can still be on its way."""
	for step in hours or (0.5, 2, 24, 96):
		later(hours=step)
		send()


def rows(names: Sequence[str]) -> list[frappe._dict]:
	"""The messages as they are committed, in the order of `names`."""
	frappe.db.rollback()
	found = {
		row.name: row
		for row in frappe.get_all(
			MESSAGE, filters={"name": ("in", list(names))}, fields=["*"], order_by="name"
		)
	}
	assert len(found) == len(names), "a message is gone"
	return [found[name] for name in names]


def statuses(names: Sequence[str]) -> Counter[str]:
	return Counter(row.status for row in rows(names))


def status_is(name: str, status: str) -> Callable[[], bool]:
	return lambda: rows([name])[0].status == status


def once_and_settled(service: Service, names: Sequence[str]) -> None:
	"""No key was accepted twice; what was not is a person's, and nobody is told anything that is not so."""
	for row in rows(names):
		taken = service.accepted[row.reference]
		assert taken <= 1, f"accepted {taken} times"
		assert row.status not in ("Queued", "Sending"), row.status
		assert not (row.status in ("Sent", "Delivered") and not taken), "said to be sent, and was not"
		if row.status in ("Failed", "Expired"):
			assert not taken, f"{row.status}, and the patient has it"
		if row.status in ("Failed", "Expired", "Uncertain"):
			assert is_a_persons(row.task), (row.status, row.status_reason)


def is_a_persons(task: str) -> bool:
	"""Whether somebody has this contact on the worklist."""
	row = frappe.db.get_value(TASK, task, ["status", "channel"], as_dict=True)
	return (row.status, row.channel) == ("Open", "Phone")


def told(code: str) -> str:
	"""The worst that the health page says about this, looked at now."""
	frappe.db.rollback()
	return worst(check for check in checks(fresh=True) if check.code == code)


def commit() -> None:
	frappe.db.commit()  # reason: other processes must see it
