from frappe.model.document import Document


class FollowupQuestionnaireScore(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		amber_if: DF.Data | None
		group: DF.Data
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		red_if: DF.Data | None
		title: DF.Data
	# end: auto-generated types
