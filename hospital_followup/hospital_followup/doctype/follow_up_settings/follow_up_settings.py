"""Every default of the follow-up service, each within what can be meant."""

from urllib.parse import urlsplit

import frappe
import phonenumbers
from frappe import _
from frappe.model.document import Document

from hospital_followup.engine.holdout import MAX_PERCENT
from hospital_followup.exceptions import InvalidPeriodError, InvalidValueError
from hospital_followup.services import go_live, holdout
from hospital_followup.services.retry_rules import retry_rule_problems
from hospital_followup.services.typed_text import read_time

# Lowest and highest value that makes sense; the defaults are those of clinical.md.
RANGES = {
	"readmission_days": (1, 365),
	"value_months": (1, 120),
	"value_minimum_patients": (1, 100_000),
	"value_minimum_visits": (1, 100),
	"merge_within_days": (0, 30),
	"max_contacts_per_day": (1, 10),
	"max_contacts_per_week": (1, 50),
	"programme_horizon_days": (0, 730),
	"messages_per_day": (1, 20),
	"messages_per_week": (1, 50),
	"guardian_under_age": (0, 30),
	"holdout_percent": (0, MAX_PERCENT),
	"max_attempts": (1, 20),
	"attempt_days": (1, 20),
	"caregiver_attempts": (0, 20),
	"spacing_hours": (0, 72),
	"callback_reminder_minutes": (0, 240),
	"lease_minutes": (1, 480),
	"unanswered_messages": (1, 20),
	"survey_every_days": (1, 365),
	"advice_messages": (0, 10),
	"capacity_per_day": (1, 500),
	"red_response_hours": (0.25, 72),
	"amber_response_days": (1, 30),
}
PERIODS = (
	("morning_call_from", "morning_call_to"),
	("afternoon_call_from", "afternoon_call_to"),
	("slot_morning_from", "slot_morning_to"),
	("slot_afternoon_from", "slot_afternoon_to"),
	("slot_evening_from", "slot_evening_to"),
)
QUIET = ("quiet_from", "quiet_to")


class FollowupSettings(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from hospital_followup.hospital_followup.doctype.follow_up_channel_setting.follow_up_channel_setting import (
			FollowupChannelSetting,
		)
		from hospital_followup.hospital_followup.doctype.follow_up_retry_rule.follow_up_retry_rule import (
			FollowupRetryRule,
		)

		advice_messages: DF.Int
		afternoon_call_from: DF.Data
		afternoon_call_to: DF.Data
		alert_emails: DF.Check
		amber_response_days: DF.Int
		attempt_days: DF.Int
		base_url: DF.Data | None
		call_dissatisfied: DF.Check
		callback_reminder_minutes: DF.Int
		capacity_per_day: DF.Int
		caregiver_attempts: DF.Int
		channels: DF.Table[FollowupChannelSetting]
		default_calendar: DF.Link | None
		default_country_code: DF.Data
		default_department: DF.Link | None
		default_language: DF.Link | None
		emergency_number: DF.Data
		frequency_cut_points: DF.SmallText | None
		go_live: DF.Check
		guardian_under_age: DF.Int
		holdout_percent: DF.Int
		holdout_salt: DF.Password | None
		holdout_since: DF.Date | None
		hospital_name: DF.Data | None
		hospital_phone: DF.Data | None
		hospital_variant: DF.Literal["Original", "Variant"]
		lease_minutes: DF.Int
		ledger_from: DF.Date | None
		live_count: DF.Int
		live_mark: DF.Data | None
		max_attempts: DF.Int
		max_contacts_per_day: DF.Int
		max_contacts_per_week: DF.Int
		merge_within_days: DF.Int
		messages_per_day: DF.Int
		messages_per_week: DF.Int
		messages_without_consent: DF.Check
		missed_revisit_call_days: DF.Int
		missed_revisit_message_days: DF.Int
		monetary_cut_points: DF.SmallText | None
		morning_call_from: DF.Data
		morning_call_to: DF.Data
		morning_reminder: DF.Check
		new_staff_days: DF.Int
		programme_horizon_days: DF.Int
		quiet_from: DF.Data
		quiet_to: DF.Data
		readmission_days: DF.Int
		recency_cut_points: DF.SmallText | None
		red_response_hours: DF.Float
		refuse_activation_over_capacity: DF.Check
		retry_rules: DF.Table[FollowupRetryRule]
		reviews_per_week: DF.Int
		reviews_per_week_new: DF.Int
		revisit_appointment_kind: DF.Data | None
		revisit_conversion_days: DF.Int
		revisit_early_days: DF.Int
		revisit_late_days: DF.Int
		revisit_reminder_days: DF.Int
		risk_score: DF.Literal["LACE", "HOSPITAL", "Higher of Both"]
		slot_afternoon_from: DF.Data
		slot_afternoon_to: DF.Data
		slot_evening_from: DF.Data
		slot_evening_to: DF.Data
		slot_morning_from: DF.Data
		slot_morning_to: DF.Data
		solo_needs_sign_off: DF.Check
		spacing_hours: DF.Int
		survey_after_contact: DF.Check
		survey_every_days: DF.Int
		tier_when_incomplete: DF.Literal["High", "Medium", "Low"]
		training_hours_per_year: DF.Float
		trigger_status: DF.Literal["Discharged", "Discharge Scheduled"]
		unanswered_messages: DF.Int
		value_computed_on: DF.Date | None
		value_high_from: DF.Int
		value_high_from_two: DF.Int
		value_medium_from: DF.Int
		value_medium_from_two: DF.Int
		value_minimum_patients: DF.Int
		value_minimum_visits: DF.Int
		value_months: DF.Int
		value_patients: DF.Int
		weak_rule_judged: DF.Int
		weak_rule_yield: DF.Int
	# end: auto-generated types

	def validate(self) -> None:
		self.validate_ranges()
		self.validate_cut_offs()
		self.validate_hours()
		self.validate_channels()
		self.validate_retry_rules()
		self.validate_country()
		self.validate_address()
		holdout.prepare_settings(self)
		go_live.prepare_settings(self)

	def validate_ranges(self) -> None:
		problems = [
			_("{0}: {1} is outside {2} to {3}.").format(self._label(field), self.get(field), low, high)
			for field, (low, high) in RANGES.items()
			if not low <= (self.get(field) or 0) <= high
		]
		if self.max_contacts_per_week < self.max_contacts_per_day:
			problems.append(_("A patient cannot have fewer contacts in seven days than on one day."))
		if self.messages_per_week < self.messages_per_day:
			problems.append(_("A patient cannot have fewer messages in seven days than on one day."))
		if self.attempt_days > self.max_attempts:
			problems.append(
				_("{0} attempts cannot fall on {1} days.").format(self.max_attempts, self.attempt_days)
			)
		if problems:
			frappe.throw(problems, InvalidValueError, title=_("Please Check These Numbers"), as_list=True)

	def validate_cut_offs(self) -> None:
		for high, medium in (
			("value_high_from", "value_medium_from"),
			("value_high_from_two", "value_medium_from_two"),
		):
			if self.get(high) <= self.get(medium):
				sentence = _("“{0}” must be more than “{1}”.").format(self._label(high), self._label(medium))
				frappe.throw(sentence, InvalidValueError)

	def validate_hours(self) -> None:
		for start, end in (*PERIODS, QUIET):
			begins, ends = read_time(self, start), read_time(self, end)
			# Quiet hours go over midnight; every other period lies within one day.
			if begins and ends and begins >= ends and (start, end) != QUIET:
				sentence = _("“{0}” must be before “{1}”.").format(self._label(start), self._label(end))
				frappe.throw(sentence, InvalidPeriodError, title=_("Hours Do Not Fit"))

	def validate_channels(self) -> None:
		channels = [row.channel for row in self.channels]
		for row in self.channels:
			if channels.count(row.channel) > 1:
				sentence = _("Row {0}: {1} is listed twice. Keep one row.").format(row.idx, _(row.channel))
				frappe.throw(sentence, InvalidValueError, title=_("Channels"))

	def validate_retry_rules(self) -> None:
		problems = retry_rule_problems(self.retry_rules)
		if problems:
			frappe.throw(problems, InvalidValueError, title=_("Attempts by Risk Tier"), as_list=True)

	def validate_country(self) -> None:
		self.default_country_code = (self.default_country_code or "").strip().upper()
		if self.default_country_code not in phonenumbers.SUPPORTED_REGIONS:
			sentence = _("{0} is no country code. Use two letters such as CN.").format(
				self.default_country_code
			)
			frappe.throw(sentence, InvalidValueError)

	def validate_address(self) -> None:
		"""Patients' links carry a secret token, so they go over https, except on a test machine."""
		self.base_url = (self.base_url or "").strip().rstrip("/") or None
		parts = urlsplit(self.base_url or "https://localhost")
		if not parts.hostname or (
			parts.scheme != "https" and parts.hostname not in ("localhost", "127.0.0.1")
		):
			sentence = _("The public address must begin with https://, for example https://hospital.example.")
			frappe.throw(sentence, InvalidValueError)

	def _label(self, field: str) -> str:
		return _(self.meta.get_label(field), context=self.doctype)
