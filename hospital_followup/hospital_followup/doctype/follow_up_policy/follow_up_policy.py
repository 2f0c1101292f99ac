from frappe.model.document import Document


class FollowupPolicy(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from hospital_followup.hospital_followup.doctype.follow_up_policy_rule.follow_up_policy_rule import (
			FollowupPolicyRule,
		)

		activated_by: DF.Link | None
		activated_on: DF.Datetime | None
		company: DF.Data | None
		department: DF.Link | None
		notes: DF.SmallText | None
		previous_version: DF.Link | None
		rules: DF.Table[FollowupPolicyRule]
		status: DF.Literal["Draft", "Active", "Retired"]
		title: DF.Data
		valid_from: DF.Date | None
		valid_to: DF.Date | None
		version: DF.Int
		workflow_state: DF.Link | None
	# end: auto-generated types
