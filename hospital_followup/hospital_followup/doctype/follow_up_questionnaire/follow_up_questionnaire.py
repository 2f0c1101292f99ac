"""What is asked in a contact: questions with branching, flags and scores; a version once approved never changes."""

from __future__ import annotations

from typing import ClassVar

import frappe
from frappe import _
from frappe.utils import cstr

from hospital_followup.exceptions import InvalidValueError
from hospital_followup.services.approval import require_review_date, stamp_approval
from hospital_followup.services.question_rows import tidy_question, tidy_score
from hospital_followup.services.questionnaire_check import problem_sentences
from hospital_followup.services.sign_off import require_sign_off
from hospital_followup.services.versions import LIFE_FIELDS, VersionedDocument, retire_former


class FollowupQuestionnaire(VersionedDocument):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from hospital_followup.hospital_followup.doctype.follow_up_question.follow_up_question import (
			FollowupQuestion,
		)
		from hospital_followup.hospital_followup.doctype.follow_up_questionnaire_score.follow_up_questionnaire_score import (
			FollowupQuestionnaireScore,
		)

		approved_by: DF.Link | None
		approved_on: DF.Datetime | None
		audience: DF.Literal["", "After Surgery", "Maternity", "Child", "Older Person"]
		channel: DF.Literal["", "Phone", "Home Visit", "WeChat", "SMS", "Email", "App Push"]
		condition: DF.SmallText | None
		department: DF.Link | None
		language: DF.Link | None
		purpose: DF.Literal["Follow-up", "Satisfaction"]
		questions: DF.Table[FollowupQuestion]
		review_by: DF.Date | None
		scores: DF.Table[FollowupQuestionnaireScore]
		set_code: DF.Data | None
		sign_off: DF.Link | None
		source_note: DF.SmallText | None
		status: DF.Literal["Draft", "Approved", "Retired"]
		title: DF.Data
		version: DF.Int
	# end: auto-generated types

	life_fields: ClassVar[frozenset[str]] = LIFE_FIELDS | {"sign_off", "approved_by", "approved_on"}

	def validate(self) -> None:
		self.tidy_up()
		super().validate()
		self.check_questions()
		require_sign_off(self)
		require_review_date(self)
		stamp_approval(self)

	def on_update(self) -> None:
		retire_former(self)

	def tidy_up(self) -> None:
		self.set_code = cstr(self.set_code).strip().lower() or None
		for question in self.questions:
			tidy_question(question)
		for score in self.scores:
			tidy_score(score)

	def check_questions(self) -> None:
		if problems := problem_sentences(self):
			frappe.throw(problems, InvalidValueError, title=_("Questions to Correct"), as_list=True)
