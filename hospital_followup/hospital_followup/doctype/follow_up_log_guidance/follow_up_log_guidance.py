"""One piece of advice that was given at a contact."""

from frappe.model.document import Document


class FollowupLogGuidance(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		content: DF.Link
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		title: DF.Data | None
		topic: DF.Data | None
	# end: auto-generated types
