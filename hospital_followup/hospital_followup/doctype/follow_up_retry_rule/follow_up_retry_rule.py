from frappe.model.document import Document


class FollowupRetryRule(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		attempt_days: DF.Int
		attempts: DF.Int
		caregiver_attempts: DF.Int
		other_channels: DF.Check
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		risk_tier: DF.Literal["", "High", "Medium", "Low"]
		spacing_hours: DF.Int
	# end: auto-generated types
