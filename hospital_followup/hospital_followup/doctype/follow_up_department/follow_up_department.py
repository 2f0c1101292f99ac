from frappe.model.document import Document


class FollowupDepartment(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from hospital_followup.hospital_followup.doctype.follow_up_department_mapping.follow_up_department_mapping import (
			FollowupDepartmentMapping,
		)

		calendar: DF.Link | None
		company: DF.Data | None
		contact_phone: DF.Data | None
		department_name: DF.Data
		enabled: DF.Check
		mappings: DF.Table[FollowupDepartmentMapping]
		notes: DF.SmallText | None
		supervisor: DF.Link | None
	# end: auto-generated types
