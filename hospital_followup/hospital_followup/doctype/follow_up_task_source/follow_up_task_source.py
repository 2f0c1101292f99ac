from frappe.model.document import Document


class FollowupTaskSource(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		anchor_date: DF.Date | None
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		plan: DF.Link | None
		source: DF.Data
		step_id: DF.Data | None
		title: DF.Data | None
		version: DF.Int
	# end: auto-generated types
