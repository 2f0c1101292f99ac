from frappe.model.document import Document


class FollowupAnswer(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		flag: DF.Literal["", "Amber", "Red"]
		number: DF.Float
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		question: DF.Data
		question_text: DF.SmallText | None
		value: DF.SmallText | None
	# end: auto-generated types
