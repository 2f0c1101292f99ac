"""E-mail through Frappe's own queue: whatever account, retry and throttling the site has set up applies.

Accepted means queued, in the same transaction as the caller's. Our reference is the Message-ID's first half, so the queue
itself can be asked. The queue knows whether the mail server took a message, never whether a person got it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import frappe
from frappe.email.doctype.email_account.email_account import EmailAccount
from frappe.utils import escape_html, get_datetime, get_system_timezone, validate_email_address

from hospital_followup.engine.message_ports import (
	CallbackAnswer,
	CallbackRequest,
	Delivery,
	OutgoingMessage,
	Reply,
	SendResult,
)

QUEUE = "Email Queue"
GAVE_UP = ("Error", "Expired")


@dataclass(frozen=True, slots=True)
class EmailConfig:
	sender: str | None = None
	"""Address of an Email Account of the site; the default outgoing one when empty."""


class Email:
	name = "email"
	channel = "Email"
	optional_package: str | None = None

	def __init__(self, config: EmailConfig) -> None:
		self._config = config

	def configured(self) -> str | None:
		account = EmailAccount.find_outgoing(match_by_email=self._config.sender)
		return None if account else "email_account_missing"

	def send(self, message: OutgoingMessage) -> SendResult:
		problem = self.configured()
		if problem:
			return SendResult("retry", code=problem, reason="misconfigured")
		to = message.to.strip()
		# Frappe writes an address it cannot use, and everybody's beside it, into its error log.
		if not to or "," in to or validate_email_address(to) != to:
			return SendResult("refused", code="bad_address", reason="bad_address")
		subject = " ".join((message.subject or "").split())
		if not subject:
			return SendResult("refused", code="subject_missing", reason="content")
		queued = self._queued(message.reference)
		if queued:
			return SendResult("accepted", queued.name)
		made = frappe.sendmail(
			recipients=[to],
			sender=self._config.sender or "",
			subject=subject,
			message=_html(message),
			message_id=_message_id(message.reference),
			add_unsubscribe_link=0,
		)
		if not made:
			# The only receiver has unsubscribed from every mail of the site.
			return SendResult("refused", code="unsubscribed", reason="opted_out")
		return SendResult("accepted", made.name)

	def ask(
		self, reference: str, provider_id: str | None, _sent_on: datetime, _to: str
	) -> SendResult | Delivery | None:
		"""The queue is in our own database, so a message that is not there was never queued: safe to send."""
		row = self._queued(reference)
		if row is None:
			return SendResult("retry", provider_id, reason="not_found")
		if row.status in GAVE_UP:
			at = get_datetime(row.modified).replace(tzinfo=ZoneInfo(get_system_timezone()))
			return Delivery(row.name, reference, "failed", "not_taken_by_mail_server", at)
		return SendResult("accepted", row.name)

	def verify(self, _request: CallbackRequest) -> bool:
		return False

	def receipts(self, _request: CallbackRequest) -> tuple[Delivery, ...]:
		return ()

	def replies(self, _request: CallbackRequest) -> tuple[Reply, ...]:
		return ()

	def answer(self, _request: CallbackRequest) -> CallbackAnswer:
		return CallbackAnswer()

	def _queued(self, reference: str) -> frappe._dict | None:
		fields = ["name", "status", "modified"]
		return frappe.db.get_value(QUEUE, {"message_id": _message_id(reference)}, fields, as_dict=True)


def _message_id(reference: str) -> str:
	return f"{reference}@{frappe.local.site}"


def _html(message: OutgoingMessage) -> str:
	"""The text as it was written, line by line, and the link below it. Nothing in it is taken for HTML."""
	lines = [escape_html(line) for line in message.body.splitlines()]
	if message.link and message.link not in message.body:
		address = escape_html(message.link)
		lines += ["", f'<a href="{address}">{address}</a>']
	return "<br>\n".join(lines)
