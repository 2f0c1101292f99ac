"""An account with a service that carries messages."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint

from hospital_followup.channels.outgoing import Limits, forbidden
from hospital_followup.exceptions import InvalidValueError
from hospital_followup.services import provider_settings

#: Shortest and longest time in seconds that makes sense.
TIMES = {"connect_timeout": (0.1, 30), "read_timeout": (0.1, 60), "total_timeout": (0.5, 120)}
#: Written while messages go out; a form that was opened before must not put them back.
HEALTH = (
	"breaker_failures",
	"breaker_openings",
	"breaker_retry_at",
	"last_accepted_on",
	"last_error_code",
)


class FollowupProvider(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		account: DF.Data | None
		aes_key: DF.Password | None
		allow_private: DF.Check
		application: DF.Data | None
		breaker_failures: DF.Int
		breaker_openings: DF.Int
		breaker_retry_at: DF.Datetime | None
		callback_secret: DF.Password | None
		channel: DF.Literal["SMS", "WeChat", "Email", "App Push"]
		connect_timeout: DF.Float
		enabled: DF.Check
		endpoint: DF.Data | None
		last_accepted_on: DF.Datetime | None
		last_error_code: DF.Data | None
		priority: DF.Int
		provider: DF.Literal[
			"Aliyun SMS",
			"Tencent Cloud SMS",
			"Twilio SMS",
			"Frappe SMS Settings",
			"WeChat Official Account",
			"WeCom",
			"Email Account",
			"Push Webhook",
			"Frappe Notification",
		]
		read_timeout: DF.Float
		region: DF.Data | None
		secret: DF.Password | None
		sender: DF.Data | None
		success_text: DF.Data | None
		template_kind: DF.Literal["Template", "Subscription"]
		title: DF.Data
		total_timeout: DF.Float
	# end: auto-generated types

	def validate(self) -> None:
		self.channel = provider_settings.channel_of(self.provider)
		self.validate_times()
		self.validate_endpoint()
		self.forget_secrets()
		self.keep_health()

	def validate_times(self) -> None:
		problems = [
			_("{0}: {1} is outside {2} to {3}.").format(
				_(self.meta.get_label(field)), self.get(field), low, high
			)
			for field, (low, high) in TIMES.items()
			if not low <= (self.get(field) or 0) <= high
		]
		if problems:
			frappe.throw(problems, InvalidValueError, title=_("Please Check These Numbers"), as_list=True)

	def validate_endpoint(self) -> None:
		self.endpoint = (self.endpoint or "").strip() or None
		if self.endpoint and forbidden(self.endpoint, Limits(allow_private=bool(self.allow_private))):
			frappe.throw(
				_(
					"The address of the provider must begin with https://. For a gateway on the hospital's own network tick “{0}”."
				).format(_(self.meta.get_label("allow_private"))),
				InvalidValueError,
				title=_("Address Not Allowed"),
			)

	def forget_secrets(self) -> None:
		"""Nobody reads the stored secret by having it sent elsewhere: it is entered anew, or it is gone.

		The kind of provider never changes, and what callbacks are verified with is sent to nobody.
		"""
		before = self.get_doc_before_save()
		if before is None or _addressee(self) == _addressee(before):
			return
		if self.secret and self.is_dummy_password(self.secret):
			self.secret = None
			frappe.msgprint(
				_(
					"Removed: {0}. What was entered for one address is never sent to another. Enter it again."
				).format(frappe.bold(_(self.meta.get_label("secret")))),
				indicator="orange",
			)

	def keep_health(self) -> None:
		if not self.is_new():
			self.update(frappe.db.get_value(self.doctype, self.name, HEALTH, as_dict=True, for_update=True))


def _addressee(doc: FollowupProvider) -> tuple[str, int]:
	"""Whom the secret is told."""
	return doc.endpoint or "", cint(doc.allow_private)
