from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_datetime

from hospital_followup.exceptions import InvalidPeriodError
from hospital_followup.services import message_retention, message_rules, outbox_asking


class FollowupMessage(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		asked_at: DF.Datetime | None
		body: DF.SmallText | None
		call_task: DF.Link | None
		channel: DF.Literal["SMS", "WeChat", "Email", "App Push"]
		claim_id: DF.Data | None
		claimed_by: DF.Data | None
		claimed_until: DF.Datetime | None
		company: DF.Data | None
		content: DF.Link | None
		delivered_at: DF.Datetime | None
		department: DF.Link | None
		effects_due: DF.Check
		expires_at: DF.Datetime | None
		key: DF.Data | None
		language: DF.Link | None
		occasion: DF.Literal[
			"Scheduled Contact",
			"After Contact",
			"Revisit Reminder",
			"Missed Revisit Notice",
			"Promised Callback",
			"Education",
			"Survey Invitation",
			"Last Ask",
			"Other",
		]
		patient: DF.Link
		patient_name: DF.Data | None
		plan: DF.Link | None
		provider: DF.Link | None
		provider_code: DF.Data | None
		provider_id: DF.Data | None
		provider_template: DF.Data | None
		purpose: DF.Literal["Clinical", "Survey", "Promotion", "Research"]
		recipient: DF.Data | None
		reference: DF.Data | None
		revisit: DF.Link | None
		send_after: DF.Datetime
		sent_at: DF.Datetime | None
		status: DF.Literal[
			"Queued", "Sending", "Sent", "Delivered", "Failed", "Uncertain", "Expired", "Suppressed"
		]
		status_reason: DF.Data | None
		subject: DF.Data | None
		survey: DF.Link | None
		task: DF.Link | None
		template: DF.Link | None
		tried_at: DF.Datetime | None
		tries: DF.Int
		variables: DF.SmallText | None
	# end: auto-generated types

	def validate(self) -> None:
		self.validate_period()
		if not self.flags.followup_service:
			message_rules.check_saved_by_hand(self)

	def on_update(self) -> None:
		if not self.flags.followup_service:
			outbox_asking.settle_by_hand(self)

	@staticmethod
	def clear_old_logs(days: int = 365) -> None:
		"""Called by Frappe's Log Settings."""
		message_retention.clear_messages(days)

	def validate_period(self) -> None:
		"""As it is entered; a sender may put a message off until its time is over."""
		entered = (
			self.is_new() or self.has_value_changed("send_after") or self.has_value_changed("expires_at")
		)
		if entered and self.expires_at and get_datetime(self.expires_at) <= get_datetime(self.send_after):
			frappe.throw(
				_("The message expires at {0}, before it may be sent at {1}. Choose a later expiry.").format(
					self.get_formatted("expires_at"), self.get_formatted("send_after")
				),
				InvalidPeriodError,
				title=_("Expiry Too Early"),
			)


def on_doctype_update() -> None:
	"""What is queued and due, what a sender holds, and what a patient was sent lately."""
	message = "Follow-up Message"
	frappe.db.add_index(message, ["status", "send_after"])
	frappe.db.add_index(message, ["status", "claimed_until"], "followup_message_leases")
	frappe.db.add_index(message, ["patient", "tried_at"], "followup_message_caps")
