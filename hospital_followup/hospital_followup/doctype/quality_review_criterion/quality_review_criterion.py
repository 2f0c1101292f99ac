from frappe.model.document import Document


class QualityReviewCriterion(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		criterion: DF.Data
		group: DF.Literal["Script", "Content", "Feedback"]
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		score: DF.Literal["", "0", "1", "2", "3", "4", "5"]
		weight: DF.Float
	# end: auto-generated types
