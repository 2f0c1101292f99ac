"""A hospital that sends by SMS through a service on the loopback, and messages that wait to go out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import frappe
from frappe.utils import now_datetime

from hospital_followup.services import go_live, messages
from hospital_followup.services.messages import MESSAGE, Wanted, Written
from hospital_followup.services.runs import Run
from hospital_followup.tests import factories as make
from tests.providers.services.twilio import ACCOUNT, TOKEN

#: The only text that the stub of the service takes: whatever else goes out is a mistake that shows.
BODY = "canary-body: 您好 & bye+1"
SETTINGS = "Follow-up Settings"
FREE = {"quiet_from": "00:00", "quiet_to": "00:00", "messages_per_day": 20, "messages_per_week": 50}


def provider(url: str, title: str = "Stub", **fields: Any) -> str:
	"""An enabled account with the service at `url`."""
	values = {
		"provider": "Twilio SMS",
		"account": ACCOUNT,
		"secret": TOKEN,
		"sender": "+15005550006",
		"endpoint": url,
		"allow_private": 1,
		**fields,
	}
	doc = frappe.get_doc({"doctype": "Follow-up Provider", "title": title, "enabled": 1, **values})
	return doc.insert().name


def hasty(title: str = "Stub") -> None:
	"""Do not wait long for this service."""
	frappe.get_doc("Follow-up Provider", title).update({"read_timeout": 0.5, "total_timeout": 1.5}).save()
	frappe.db.commit()  # reason: senders are processes of their own


def time_passes() -> None:
	"""Whatever waits is due."""
	table = frappe.qb.DocType(MESSAGE)
	frappe.qb.update(table).set(table.send_after, ago(minutes=1)).where(table.status == "Queued").run()
	frappe.db.commit()  # reason: senders are processes of their own


def hospital(*, live: bool = True, channel: str = "SMS", subject: str | None = None, **settings: Any) -> None:
	"""One that writes to whoever did not refuse, at any hour."""
	doc = frappe.get_doc(SETTINGS)
	doc.update({"messages_without_consent": 1, "base_url": "https://hospital.example", **FREE, **settings})
	doc.save()
	occasion = {"occasion": "Other", "channel": channel, "status": "Approved"}
	frappe.db.set_value("Message Template", occasion, "status", "Retired")
	values = {"purpose": "Clinical", "language": "en", "body": BODY, "subject": subject, **occasion}
	frappe.get_doc({"doctype": "Message Template", "title": "Outbox", **values}).insert()
	if live:
		go_live.switch_on()
	frappe.db.commit()  # reason: senders are processes of their own


def wanted(key: str | None = None, **fields: Any) -> Wanted:
	"""A message that is due, to a fresh patient unless `patient` says to whom."""
	now = now_datetime()
	values = {
		"key": key or f"test|{frappe.generate_hash(length=12)}",
		"channel": "SMS",
		"purpose": "Clinical",
		"occasion": "Other",
		"send_after": now - timedelta(minutes=5),
		"expires_at": now + timedelta(days=1),
		**fields,
	}
	if "patient" not in values:
		values["patient"] = make.patient(language="en").name
	return Wanted(**values)


def written(*items: Wanted) -> list[Written]:
	"""What became of writing them, committed, in their order."""
	found = messages.write(items)
	frappe.db.commit()  # reason: senders are processes of their own
	return [found[item.key] for item in items]


def queued(count: int = 1, **fields: Any) -> list[str]:
	"""The names of `count` messages that wait, each to a patient of its own."""
	found = written(*[wanted(**fields) for _number in range(count)])
	assert all(item.name for item in found), found
	return [item.name for item in found]


def row(name: str) -> frappe._dict:
	"""The message as committed."""
	frappe.db.rollback()
	return frappe.db.get_value(MESSAGE, name, "*", as_dict=True)


def statuses(names: Iterable[str]) -> list[str]:
	frappe.db.rollback()
	return [frappe.db.get_value(MESSAGE, name, "status") for name in names]


def change(name: str, **values: Any) -> None:
	"""What time, or somebody else, has made of a message."""
	frappe.db.set_value(MESSAGE, name, values, update_modified=False)
	frappe.db.commit()  # reason: senders are processes of their own


def reference(name: str) -> str:
	key = frappe.db.get_value(MESSAGE, name, "key")
	return hashlib.sha256(key.encode()).hexdigest()[:32]


def ago(**period: float) -> datetime:
	return now_datetime() - timedelta(**period)


def a_run() -> Run:
	"""A run without a record: what fails in it is seen by the test."""
	return Run("test")
