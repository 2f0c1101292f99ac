from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_datetime

from hospital_followup.exceptions import InvalidPeriodError


class FollowupMessage(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		body: DF.SmallText | None
		channel: DF.Literal["SMS", "WeChat", "Email", "App Push"]
		claimed_by: DF.Data | None
		claimed_until: DF.Datetime | None
		company: DF.Data | None
		delivered_at: DF.Datetime | None
		department: DF.Link | None
		expires_at: DF.Datetime | None
		key: DF.Data | None
		language: DF.Link | None
		patient: DF.Link
		patient_name: DF.Data | None
		provider: DF.Data | None
		provider_id: DF.Data | None
		purpose: DF.Literal["Clinical", "Survey", "Promotion", "Research"]
		recipient: DF.Data | None
		send_after: DF.Datetime
		sent_at: DF.Datetime | None
		status: DF.Literal[
			"Queued", "Sending", "Sent", "Delivered", "Failed", "Uncertain", "Expired", "Suppressed"
		]
		status_reason: DF.Data | None
		task: DF.Link | None
		template: DF.Link | None
		tries: DF.Int
	# end: auto-generated types

	def validate(self) -> None:
		if self.expires_at and get_datetime(self.expires_at) <= get_datetime(self.send_after):
			frappe.throw(
				_("The message expires at {0}, before it may be sent at {1}. Choose a later expiry.").format(
					self.get_formatted("expires_at"), self.get_formatted("send_after")
				),
				InvalidPeriodError,
				title=_("Expiry Too Early"),
			)


def on_doctype_update() -> None:
	# The dispatcher's question: what is queued and due.
	frappe.db.add_index("Follow-up Message", ["status", "send_after"])
