from frappe.model.document import Document


class FollowupStaff(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from hospital_followup.hospital_followup.doctype.follow_up_staff_absence.follow_up_staff_absence import (
			FollowupStaffAbsence,
		)
		from hospital_followup.hospital_followup.doctype.follow_up_staff_department.follow_up_staff_department import (
			FollowupStaffDepartment,
		)

		absences: DF.Table[FollowupStaffAbsence]
		capacity_per_day: DF.Int
		departments: DF.TableMultiSelect[FollowupStaffDepartment]
		enabled: DF.Check
		joined_on: DF.Date | None
		language: DF.Link | None
		role: DF.Literal[
			"Follow-up Specialist", "Follow-up Doctor", "Follow-up Supervisor", "Follow-up Administrator"
		]
		solo_from: DF.Date | None
		staff_name: DF.Data | None
		target_calls_per_day: DF.Int
		target_completion_rate: DF.Percent
		user: DF.Link
	# end: auto-generated types
