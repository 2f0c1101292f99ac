from __future__ import annotations

import frappe
from frappe import _

from hospital_followup.exceptions import InvalidValueError
from hospital_followup.services.message_check import refuse_unsendable
from hospital_followup.services.versions import VersionedDocument, retire_former


class MessageTemplate(VersionedDocument):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		body: DF.SmallText
		channel: DF.Literal["SMS", "WeChat", "Email", "App Push"]
		language: DF.Link
		occasion: DF.Literal[
			"Scheduled Contact",
			"Programme Contact",
			"After Contact",
			"Revisit Reminder",
			"Missed Revisit Notice",
			"Promised Callback",
			"Education",
			"Survey Invitation",
			"Last Ask",
			"Other",
		]
		provider: DF.Link | None
		provider_template: DF.Data | None
		purpose: DF.Literal["Clinical", "Survey", "Promotion", "Research"]
		status: DF.Literal["Draft", "Approved", "Retired"]
		subject: DF.Data | None
		title: DF.Data
		variables: DF.SmallText | None
		version: DF.Int
	# end: auto-generated types

	def validate(self) -> None:
		super().validate()
		self.validate_subject()
		self.validate_variables()
		self.validate_provider()
		refuse_unsendable(self)

	def on_update(self) -> None:
		retire_former(self)

	def validate_subject(self) -> None:
		if self.channel != "Email":
			self.subject = None
		elif not self.subject:
			frappe.throw(
				_("An email needs a subject line. Fill in {0}.").format(_("Subject")),
				InvalidValueError,
				title=_("Subject Missing"),
			)

	def validate_provider(self) -> None:
		if not self.provider_template:
			self.provider = None
		if not self.provider:
			return
		channel = frappe.db.get_value("Follow-up Provider", self.provider, "channel")
		if channel != self.channel:
			frappe.throw(
				_("{0} carries {1}, and this is a text for {2}. Choose another provider, or none.").format(
					frappe.bold(self.provider), _(channel), _(self.channel)
				),
				InvalidValueError,
				title=_("Provider of Another Channel"),
			)

	def validate_variables(self) -> None:
		names: set[str] = set()
		for number, line in enumerate((self.variables or "").splitlines(), start=1):
			if not line.strip():
				continue
			name, equals, placeholder = (part.strip() for part in line.partition("="))
			if not (name and equals and placeholder) or name in names:
				frappe.throw(
					_(
						"Line {0} of {1}: write a name of its own, = and our placeholder, for example code = patient_name."
					).format(number, _("Variables")),
					InvalidValueError,
					title=_("Variables to Correct"),
				)
			names.add(name)
