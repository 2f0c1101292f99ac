"""App push through Frappe: an entry in the Notification Log of a user of the site, shown at once where one is signed in.

For patients who have an account here. Frappe's push relay is not called: its client has no timeout and no answer to go by; an
app that wants real push notifications gets them through the webhook (`push_webhook`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import frappe
from frappe.desk.doctype.notification_settings.notification_settings import is_notifications_enabled
from frappe.utils import escape_html, get_datetime, get_system_timezone

from hospital_followup.engine.message_ports import (
	CallbackAnswer,
	CallbackRequest,
	Delivery,
	OutgoingMessage,
	Reply,
	SendResult,
)

NOTICE = "Notification Log"


@dataclass(frozen=True, slots=True)
class FrappeNotificationConfig:
	"""Nothing to set up."""


class FrappeNotification:
	name = "frappe_notification"
	channel = "App Push"
	optional_package: str | None = None

	def __init__(self, _config: FrappeNotificationConfig) -> None:
		pass

	def configured(self) -> str | None:
		return None

	def send(self, message: OutgoingMessage) -> SendResult:
		if not frappe.db.get_value("User", message.to, "enabled"):
			return SendResult("refused", code="no_such_user", reason="bad_address")
		if not is_notifications_enabled(message.to):
			return SendResult("refused", code="switched_off", reason="opted_out")
		if frappe.db.exists(NOTICE, message.reference):
			return SendResult("accepted", message.reference)
		doc = frappe.get_doc(
			{
				"doctype": NOTICE,
				"for_user": message.to,
				# Of this type Frappe sends no e-mail beside it.
				"type": "Alert",
				"subject": escape_html(message.subject or message.body),
				"email_content": escape_html(message.body),
				"link": message.link,
			}
		)
		doc.insert(
			ignore_permissions=True,  # reason: the entry belongs to its reader, whoever's action caused it
			set_name=message.reference,
		)
		return SendResult("accepted", doc.name)

	def ask(
		self, reference: str, _provider_id: str | None, _sent_on: datetime, _to: str
	) -> SendResult | Delivery | None:
		"""The log is in our own database: what is not there was never written; what was read has arrived."""
		row = frappe.db.get_value(NOTICE, reference, ["read", "modified"], as_dict=True)
		if row is None:
			return SendResult("retry", reason="not_found")
		if row.read:
			at = get_datetime(row.modified).replace(tzinfo=ZoneInfo(get_system_timezone()))
			return Delivery(reference, reference, "delivered", None, at)
		return SendResult("accepted", reference)

	def verify(self, _request: CallbackRequest) -> bool:
		return False

	def receipts(self, _request: CallbackRequest) -> tuple[Delivery, ...]:
		return ()

	def replies(self, _request: CallbackRequest) -> tuple[Reply, ...]:
		return ()

	def answer(self, _request: CallbackRequest) -> CallbackAnswer:
		return CallbackAnswer()
