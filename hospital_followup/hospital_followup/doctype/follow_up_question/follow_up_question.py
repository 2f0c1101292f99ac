from frappe.model.document import Document


class FollowupQuestion(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		amber_if: DF.Data | None
		answer_type: DF.Literal["Yes/No", "Number", "Scale", "Choice", "Text"]
		choices: DF.SmallText | None
		code: DF.Data
		group: DF.Data | None
		hint: DF.SmallText | None
		maximum: DF.Data | None
		minimum: DF.Data | None
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		red_if: DF.Data | None
		required: DF.Check
		show_if: DF.Data | None
		text: DF.SmallText
		unit: DF.Data | None
	# end: auto-generated types
