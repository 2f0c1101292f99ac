from frappe.model.document import Document


class TierComponent(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		component: DF.Data
		maximum: DF.Int
		missing: DF.Check
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		points: DF.Int
		score: DF.Data | None
		value: DF.Data | None
	# end: auto-generated types
