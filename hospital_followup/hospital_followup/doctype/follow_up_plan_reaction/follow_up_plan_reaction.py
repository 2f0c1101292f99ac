from frappe.model.document import Document


class FollowupPlanReaction(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		effect: DF.Literal["Sooner", "Extra Contact", "End Pathway"]
		from_date: DF.Date | None
		key: DF.Data | None
		log: DF.Link | None
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		pathway: DF.Data | None
		reacted_on: DF.Datetime | None
		reason: DF.Data | None
		state_before: DF.SmallText | None
		taken_back: DF.Check
		task: DF.Link | None
		to_date: DF.Date | None
	# end: auto-generated types
