from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_datetime, now_datetime

from hospital_followup.exceptions import InvalidPeriodError, InvalidValueError
from hospital_followup.services import patients, programme_consents


class FollowupConsent(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		channel: DF.Literal["All", "Phone", "Home Visit", "WeChat", "SMS", "Email", "App Push"]
		company: DF.Data | None
		department: DF.Link | None
		evidence: DF.SmallText | None
		evidence_file: DF.Attach | None
		given_on: DF.Datetime | None
		patient: DF.Link
		patient_name: DF.Data | None
		programme: DF.Data | None
		purpose: DF.Literal["Clinical", "Survey", "Promotion", "Research"]
		withdrawn_on: DF.Datetime | None
	# end: auto-generated types

	def validate(self) -> None:
		self.require_a_decision()
		self.validate_times()
		self.validate_programme()

	def on_update(self) -> None:
		if self.programme:
			programme_consents.on_word(self)
		elif self.purpose == "Clinical" and not self.flags.plan_later:
			patients.on_consent_changed(self.patient)

	def after_delete(self) -> None:
		if self.programme:
			programme_consents.on_word(self)
		else:
			patients.on_consent_changed(self.patient)

	def require_a_decision(self) -> None:
		if not (self.given_on or self.withdrawn_on):
			frappe.throw(
				_("Enter when the patient agreed, or when the patient refused ({0}).").format(
					_("Withdrawn On")
				),
				InvalidValueError,
				title=_("Decision Missing"),
			)

	def validate_times(self) -> None:
		for field in ("given_on", "withdrawn_on"):
			if self.get(field) and get_datetime(self.get(field)) > now_datetime():
				frappe.throw(
					_("{0} lies in the future. Enter the time at which the patient said so.").format(
						_(self.meta.get_label(field))
					),
					InvalidPeriodError,
					title=_("Time in the Future"),
				)
		if (
			self.given_on
			and self.withdrawn_on
			and get_datetime(self.withdrawn_on) < get_datetime(self.given_on)
		):
			frappe.throw(
				_(
					"The consent was withdrawn before it was given. For a new consent after a refusal, add a new record."
				),
				InvalidPeriodError,
				title=_("Order of Times"),
			)

	def validate_programme(self) -> None:
		"""A word counts for the programme of this very title."""
		if not self.programme or not self.has_value_changed("programme"):
			return
		# The database finds it however it is written; who asks for the consent compares letter by letter.
		titles = frappe.get_all(
			"Care Pathway", filters={"title": self.programme}, pluck="title", order_by="name"
		)
		if not titles:
			frappe.throw(
				_("No pathway is called {0}. Enter the title of the programme as its pathway has it.").format(
					frappe.bold(frappe.utils.escape_html(self.programme))
				),
				InvalidValueError,
				title=_("Programme Unknown"),
			)
		if self.programme not in titles:
			self.programme = titles[0]
