from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint

from hospital_followup.exceptions import InvalidValueError
from hospital_followup.services import log_alarms, patient_pages, survey_rules


class FollowupSurvey(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from hospital_followup.hospital_followup.doctype.follow_up_answer.follow_up_answer import (
			FollowupAnswer,
		)

		alarming_since: DF.Datetime | None
		answered_on: DF.Datetime | None
		answers: DF.Table[FollowupAnswer]
		asks_satisfaction: DF.Check
		call_asked_on: DF.Datetime | None
		channel: DF.Literal["", "WeChat", "SMS", "Email", "App Push"]
		comment: DF.SmallText | None
		company: DF.Data | None
		complaint: DF.Check
		department: DF.Link | None
		expires_at: DF.Datetime
		key: DF.Data | None
		language: DF.Link | None
		last_sequence: DF.Int
		log: DF.Link | None
		opened_on: DF.Datetime | None
		patient: DF.Link
		patient_name: DF.Data | None
		plan: DF.Link | None
		questionnaire: DF.Link | None
		recommend: DF.Literal["", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"]
		recommended_by: DF.Data | None
		recommended_by_patient: DF.Link | None
		referral_source: DF.Literal[
			"",
			"Patient",
			"Family or Friend",
			"Doctor or Hospital",
			"Hospital Staff",
			"Internet",
			"Community or Health Day",
			"Insurance or Employer",
			"Other",
		]
		satisfaction: DF.Int
		status: DF.Literal["Sent", "Opened", "Answered", "Expired"]
		task: DF.Link | None
		token_hash: DF.Data | None
		wants_call: DF.Check
		written_on: DF.Datetime | None
	# end: auto-generated types

	def after_insert(self) -> None:
		patient_pages.on_page_inserted(self)

	def validate(self) -> None:
		if not self.flags.followup_service:
			survey_rules.check_saved_by_hand(self)
		# 0 stands for "not asked": Frappe stores an empty number as 0.
		if cint(self.satisfaction) > 5:
			frappe.throw(
				_("Satisfaction is {0}. Enter 1 to 5, or 0 when it is not known.").format(self.satisfaction),
				InvalidValueError,
				title=_("Satisfaction (1-5)"),
			)

	def on_update(self) -> None:
		log_alarms.sound_survey(self)


def on_doctype_update() -> None:
	frappe.db.add_index("Follow-up Survey", ["status", "expires_at"], "followup_survey_status_time")
