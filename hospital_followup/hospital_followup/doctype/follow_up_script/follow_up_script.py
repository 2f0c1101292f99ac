from __future__ import annotations

from hospital_followup.services.approval import stamp_approval
from hospital_followup.services.versions import VersionedDocument


class FollowupScript(VersionedDocument):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		approved_by: DF.Link | None
		approved_on: DF.Datetime | None
		change_note: DF.SmallText | None
		channel: DF.Literal["", "Phone", "Home Visit", "WeChat", "SMS", "Email", "App Push"]
		closing: DF.SmallText | None
		condition: DF.Data | None
		department: DF.Link | None
		guidance: DF.SmallText | None
		inquiry: DF.SmallText | None
		language: DF.Link
		opening: DF.SmallText | None
		review_by: DF.Date | None
		revisit_reminder: DF.SmallText | None
		source_note: DF.SmallText | None
		status: DF.Literal["Draft", "Approved", "Retired"]
		title: DF.Data
		version: DF.Int
		workflow_state: DF.Link | None
	# end: auto-generated types

	def validate(self) -> None:
		super().validate()
		stamp_approval(self)
