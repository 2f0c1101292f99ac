"""E-mail through Frappe's queue."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone

import frappe
import pytest

from hospital_followup.channels.providers.catalogue import CATALOGUE, config_class, provider
from hospital_followup.channels.providers.email import Email, EmailConfig
from hospital_followup.engine.message_ports import Delivery, MessageProvider, OutgoingMessage

QUEUE = "Email Queue"
REFERENCE = "0123456789abcdef" * 4
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=timezone.utc)
MESSAGE = OutgoingMessage(
	REFERENCE,
	"patient@example.org",
	"您好 <b>& welcome</b>\nplease rest",
	subject="Your visit\r\nBcc: all@example.org",
	link="https://h.example/p/1?a=1&b=2",
)


@pytest.fixture
def account():
	"""An outgoing account as an administrator makes it, without its trial connection to the mail server."""
	doc = frappe.get_doc(
		{
			"doctype": "Email Account",
			"email_account_name": "Follow-up",
			"email_id": "followup@hospital.example",
			"enable_outgoing": 1,
			"default_outgoing": 1,
			"smtp_server": "smtp.hospital.example",
			"no_smtp_authentication": 1,
		}
	)
	doc.flags.ignore_validate = True
	doc.insert()
	frappe.local.outgoing_email_account = {}
	yield doc
	frappe.local.outgoing_email_account = {}


def asked(reference: str = REFERENCE):
	return Email(EmailConfig()).ask(reference, None, NOW, MESSAGE.to)


def test_it_fills_the_port() -> None:
	for name, entry in CATALOGUE.items():
		if name in ("email", "frappe_notification"):
			made = provider(name, config_class(name)())
			assert isinstance(made, MessageProvider)
			assert (made.name, made.channel) == (name, entry.channel)


def test_without_an_account_nothing_breaks() -> None:
	frappe.db.set_value("Email Account", {"enable_outgoing": 1}, "enable_outgoing", 0)
	frappe.local.outgoing_email_account = {}
	result = Email(EmailConfig()).send(MESSAGE)
	assert (result.state, result.reason, result.code) == ("retry", "misconfigured", "email_account_missing")
	assert frappe.db.count(QUEUE, {"message_id": ("like", f"{REFERENCE}@%")}) == 0


@pytest.mark.usefixtures("account")
def test_a_message_is_queued_once_under_our_reference() -> None:
	first = Email(EmailConfig()).send(MESSAGE)
	again = Email(EmailConfig()).send(MESSAGE)
	assert first.state == "accepted" and first == again
	queued = frappe.get_doc(QUEUE, first.provider_id)
	assert [row.recipient for row in queued.recipients] == ["patient@example.org"]
	assert queued.message_id == f"{REFERENCE}@{frappe.local.site}"
	assert frappe.db.count(QUEUE, {"message_id": queued.message_id}) == 1


@pytest.mark.usefixtures("account")
def test_the_words_are_not_taken_for_html_nor_the_subject_for_a_header() -> None:
	from email import message_from_string, policy

	name = Email(EmailConfig()).send(MESSAGE).provider_id
	mail = message_from_string(frappe.db.get_value(QUEUE, name, "message"), policy=policy.default)
	assert mail["Bcc"] is None
	assert mail["Subject"] == "Your visit Bcc: all@example.org"
	html = mail.get_body(("html",)).get_content()
	assert "&lt;b&gt;&amp; welcome&lt;/b&gt;" in html and "please rest" in html
	assert 'href="https://h.example/p/1?a=1&amp;b=2"' in html


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize(
	"to", ["", "nobody", "a@b@c", "a b@example.org", "one@example.org,two@example.org", "Li <li@example.org>"]
)
def test_an_address_that_is_none_is_refused_and_written_to_no_log(to: str) -> None:
	before = frappe.db.count("Error Log")
	result = Email(EmailConfig()).send(replace(MESSAGE, to=to))
	assert (result.state, result.reason) == ("refused", "bad_address")
	assert frappe.db.count("Error Log") == before


@pytest.mark.usefixtures("account")
def test_who_unsubscribed_from_everything_gets_nothing() -> None:
	frappe.get_doc(
		{"doctype": "Email Unsubscribe", "email": "patient@example.org", "global_unsubscribe": 1}
	).insert()
	result = Email(EmailConfig()).send(MESSAGE)
	assert (result.state, result.reason) == ("refused", "opted_out")


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize("status", ["Not Sent", "Sending", "Partially Sent", "Sent"])
def test_what_the_queue_has_is_with_the_service(status: str) -> None:
	name = Email(EmailConfig()).send(MESSAGE).provider_id
	frappe.db.set_value(QUEUE, name, "status", status)
	assert (asked().state, asked().provider_id) == ("accepted", name)


@pytest.mark.usefixtures("account")
def test_what_the_queue_gave_up_has_failed() -> None:
	name = Email(EmailConfig()).send(MESSAGE).provider_id
	frappe.db.set_value(QUEUE, name, "status", "Error")
	found = asked()
	assert isinstance(found, Delivery)
	assert (found.state, found.reference, found.provider_id) == ("failed", REFERENCE, name)
	assert found.at.tzinfo is not None


def test_what_was_never_queued_may_be_sent() -> None:
	found = asked("never")
	assert (found.state, found.reason) == ("retry", "not_found")


@pytest.mark.usefixtures("account")
def test_a_rolled_back_transaction_takes_the_mail_with_it() -> None:
	frappe.db.savepoint("untouched")
	Email(EmailConfig()).send(MESSAGE)
	frappe.db.rollback(save_point="untouched")
	assert asked().reason == "not_found"
