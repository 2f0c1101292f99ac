"""App push as an entry in Frappe's Notification Log."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone

import frappe
import pytest

from hospital_followup.channels.providers.frappe_notification import (
	FrappeNotification,
	FrappeNotificationConfig,
)
from hospital_followup.engine.message_ports import Delivery, OutgoingMessage
from tests.stack.users import make_user

NOTICE = "Notification Log"
REFERENCE = "0123456789abcdef" * 4
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=timezone.utc)


@pytest.fixture
def message() -> OutgoingMessage:
	return OutgoingMessage(REFERENCE, make_user(), "<b>rest</b> & drink", subject="<i>Visit</i>")


def provider() -> FrappeNotification:
	return FrappeNotification(FrappeNotificationConfig())


def test_a_message_is_written_once_for_its_reader_alone(message: OutgoingMessage) -> None:
	queued = frappe.db.count("Email Queue")
	assert provider().send(message) == provider().send(message)
	(row,) = frappe.get_all(NOTICE, {"for_user": message.to}, ["name", "subject", "email_content"])
	assert row.name == REFERENCE
	assert row.subject == "&lt;i&gt;Visit&lt;/i&gt;"
	assert "<b>" not in row.email_content
	assert frappe.db.count("Email Queue") == queued


def test_whoever_is_no_user_or_a_disabled_one_cannot_be_reached(message: OutgoingMessage) -> None:
	frappe.db.set_value("User", message.to, "enabled", 0)
	for to in (message.to, "nobody@example.org"):
		result = provider().send(replace(message, to=to))
		assert (result.state, result.reason) == ("refused", "bad_address")


def test_what_was_read_has_arrived(message: OutgoingMessage) -> None:
	assert provider().ask(REFERENCE, None, NOW, message.to).reason == "not_found"
	provider().send(message)
	assert provider().ask(REFERENCE, None, NOW, message.to).state == "accepted"
	frappe.db.set_value(NOTICE, REFERENCE, "read", 1)
	found = provider().ask(REFERENCE, None, NOW, message.to)
	assert isinstance(found, Delivery) and found.state == "delivered"
