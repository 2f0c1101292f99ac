from frappe.model.document import Document


class FollowupPolicyRule(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		channel: DF.Literal["Phone", "Home Visit", "WeChat", "SMS", "Email", "App Push"]
		clinical_floor: DF.Check
		contacts: DF.Int
		first_contact_day: DF.Int
		interval: DF.Int
		interval_unit: DF.Literal["Day", "Week", "Month"]
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		risk_tier: DF.Literal["High", "Medium", "Low"]
		role: DF.Literal["Follow-up Specialist", "Follow-up Doctor", "Follow-up Supervisor"]
		topics: DF.Data | None
		value_tier: DF.Literal["High", "Medium", "Low"]
	# end: auto-generated types
