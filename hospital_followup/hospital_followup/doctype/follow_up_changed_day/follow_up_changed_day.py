"""A day whose figures have to be counted again (services/figure_marks.py)."""

from frappe.model.document import Document


class FollowupChangedDay(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		day: DF.Date
	# end: auto-generated types
