"""A hospital that sends messages: a service, approved texts, patients who agreed. Made as an administrator makes them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import frappe
from frappe.model.document import Document
from frappe.utils import add_to_date, now_datetime

from hospital_followup.services import message_effects
from hospital_followup.services.message_check import names_in
from hospital_followup.services.messages import MESSAGE
from hospital_followup.tests import factories as make
from tests.site.call_samples import questionnaire, row

SETTINGS = "Follow-up Settings"
#: By channel what an administrator enters for a service of it.
SERVICES: dict[str, dict[str, Any]] = {
	"SMS": {"provider": "Twilio SMS", "account": "ACstub", "secret": "secret", "sender": "+15005550006"},
	"WeChat": {"provider": "WeChat Official Account", "account": "wx1", "secret": "secret"}
	| {"callback_secret": "token"},
	"App Push": {"provider": "Push Webhook", "endpoint": "https://push.example/send", "secret": "secret"},
}
TEXTS = {
	"Scheduled Contact": "Hello, how are you? {{ link }} In an emergency call 120.",
	"Programme Contact": "Hello, is all well? {{ link }} In an emergency call 120.",
	"Last Ask": "We have not heard from you: {{ link }} In an emergency call 120.",
	"Revisit Reminder": "Please remember your visit.",
	"Missed Revisit Notice": "You missed your visit. Please call us.",
	"Promised Callback": "We will call you around {{ call_by }}. In an emergency call 120.",
}
#: A service account of WeChat carries registered texts only.
REGISTERED = {
	occasion: {
		"provider_template": f"number of {occasion}",
		"variables": "\n".join(f"{name} = {name}" for name in sorted(names_in(text))),
	}
	for occasion, text in TEXTS.items()
}


def provider(channel: str = "SMS", **fields: Any) -> Document:
	values = {"title": f"Stub {channel}", "enabled": 1, **SERVICES[channel], **fields}
	return frappe.get_doc({"doctype": "Follow-up Provider", **values}).insert()


def template(occasion: str, channel: str = "SMS", **fields: Any) -> Document:
	"""The only approved text of its occasion and channel."""
	of_occasion = {"occasion": occasion, "channel": channel, "status": "Approved"}
	frappe.db.set_value("Message Template", of_occasion, "status", "Retired")
	values = {
		"title": f"{occasion} {channel} {frappe.generate_hash(length=6)}",
		"occasion": occasion,
		"channel": channel,
		"purpose": "Clinical",
		"language": "en",
		"body": TEXTS.get(occasion),
		"status": "Approved",
		**(REGISTERED.get(occasion, {}) if channel == "WeChat" else {}),
		**fields,
	}
	return frappe.get_doc({"doctype": "Message Template", **values}).insert()


def hospital(*channels: str, **settings: Any) -> None:
	"""The hospital sends on these channels to whoever did not refuse, and has an address for its pages."""
	for channel in channels or ("SMS",):
		provider(channel)
		for occasion in TEXTS:
			template(occasion, channel)
	doc = frappe.get_doc(SETTINGS)
	values = {"messages_without_consent": 1, "base_url": "https://hospital.example", "default_language": "en"}
	doc.update({**values, "emergency_number": "120", **settings}).save()


def every_day() -> str:
	"""A calendar without closed days: the tests run on Sundays, too."""
	days = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
	values = {"doctype": "Follow-up Calendar", "title": "Every Day", **dict.fromkeys(days, 1)}
	return frappe.get_doc(values).insert().name


def contact(channel: str = "SMS", *, asks: bool = True, **fields: Any) -> Document:
	"""An open contact that a message is to make, of a patient who can be reached by telephone and text."""
	patient = fields.pop("patient", None) or make.patient(language="en", **fields.pop("of", {})).name
	plan = make.plan(patient)
	asked = questionnaire() if asks else None
	return make.task(plan, channel=channel, questionnaire=asked, risk_tier="Low", **fields)


def messages_of(**filters: Any) -> list[frappe._dict]:
	return frappe.get_all(MESSAGE, filters=filters, fields=["*"], order_by="creation, name")


def ended(message: frappe._dict, status: str, reason: str | None = None, at: datetime | None = None) -> None:
	"""What a sender writes when it is done with a message, and what it calls then."""
	now = at or now_datetime()
	went_out = {"sent_at": now} if status in ("Sent", "Delivered") else {}
	frappe.db.set_value(MESSAGE, message.name, {"status": status, "status_reason": reason, **went_out})
	message_effects.settled(messages_of(name=message.name), now)


def days_ago(number: int) -> datetime:
	return add_to_date(now_datetime(), days=-number)


__all__ = [
	"contact",
	"days_ago",
	"ended",
	"every_day",
	"hospital",
	"messages_of",
	"provider",
	"row",
	"template",
]
