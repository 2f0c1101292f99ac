from __future__ import annotations

from frappe import _

from hospital_followup.services.versions import VersionedDocument


class FollowupQuestionnaire(VersionedDocument):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from hospital_followup.hospital_followup.doctype.follow_up_question.follow_up_question import (
			FollowupQuestion,
		)

		condition: DF.Data | None
		language: DF.Link | None
		questions: DF.Table[FollowupQuestion]
		review_by: DF.Date | None
		sign_off: DF.Link | None
		source_note: DF.SmallText | None
		status: DF.Literal["Draft", "Approved", "Retired"]
		title: DF.Data
		version: DF.Int
	# end: auto-generated types

	def validate(self) -> None:
		super().validate()
		seen: set[str] = set()
		for question in self.questions:
			question.check()
			if question.code in seen:
				question.refuse(_("the code is used twice; give each question its own."))
			seen.add(question.code)
