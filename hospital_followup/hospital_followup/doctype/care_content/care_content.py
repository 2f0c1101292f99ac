from __future__ import annotations

from frappe.model.document import Document

from hospital_followup.services.approval import require_review_date, stamp_approval
from hospital_followup.services.content import check_words
from hospital_followup.services.sign_off import keep_signed_text, require_sign_off
from hospital_followup.services.typed_text import require_one_of


class CareContent(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from hospital_followup.hospital_followup.doctype.care_content_condition.care_content_condition import (
			CareContentCondition,
		)

		approved_by: DF.Link | None
		approved_on: DF.Datetime | None
		attachment: DF.Attach | None
		audience: DF.Literal["", "After Surgery", "Maternity", "Child", "Older Person"]
		body: DF.TextEditor
		conditions: DF.Table[CareContentCondition]
		language: DF.Link
		review_by: DF.Date | None
		set_code: DF.Data | None
		sign_off: DF.Link | None
		source_note: DF.SmallText | None
		status: DF.Literal["Draft", "Approved", "Retired"]
		title: DF.Data
		topic: DF.Literal["Condition", "Guidance", "Revisit", "Care"]
	# end: auto-generated types

	def validate(self) -> None:
		for row in self.conditions:
			require_one_of(row, "code", "condition")
		check_words(self)
		keep_signed_text(self, "title", "body", "attachment")
		require_sign_off(self)
		require_review_date(self)
		stamp_approval(self)
