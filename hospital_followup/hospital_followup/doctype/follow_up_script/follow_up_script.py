from __future__ import annotations

from hospital_followup.services.approval import require_review_date, stamp_approval
from hospital_followup.services.script_check import refuse_unreadable
from hospital_followup.services.versions import VersionedDocument, retire_former


class FollowupScript(VersionedDocument):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		approved_by: DF.Link | None
		approved_on: DF.Datetime | None
		change_note: DF.SmallText | None
		audience: DF.Literal["", "After Surgery", "Maternity", "Child", "Older Person"]
		channel: DF.Literal["", "Phone", "Home Visit", "WeChat", "SMS", "Email", "App Push"]
		closing: DF.SmallText | None
		condition: DF.SmallText | None
		department: DF.Link | None
		guidance: DF.SmallText | None
		inquiry: DF.SmallText | None
		language: DF.Link
		opening: DF.SmallText | None
		purpose: DF.Literal["Follow-up", "Satisfaction"]
		review_by: DF.Date | None
		revisit_reminder: DF.SmallText | None
		set_code: DF.Data | None
		source_note: DF.SmallText | None
		status: DF.Literal["Draft", "Approved", "Retired"]
		title: DF.Data
		version: DF.Int
		workflow_state: DF.Link | None
	# end: auto-generated types

	def validate(self) -> None:
		super().validate()
		refuse_unreadable(self)
		require_review_date(self)
		stamp_approval(self)

	def on_update(self) -> None:
		retire_former(self)
