from frappe.model.document import Document


class DutyRoster(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		company: DF.Data | None
		date: DF.Date
		department: DF.Link | None
		key: DF.Data | None
		note: DF.Data | None
		role: DF.Literal["Follow-up Specialist", "Follow-up Doctor", "Follow-up Supervisor"]
		staff_name: DF.Data | None
		user: DF.Link
	# end: auto-generated types
