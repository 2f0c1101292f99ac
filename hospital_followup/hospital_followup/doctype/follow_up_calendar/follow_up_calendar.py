from frappe.model.document import Document


class FollowupCalendar(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from hospital_followup.hospital_followup.doctype.follow_up_calendar_exception.follow_up_calendar_exception import (
			FollowupCalendarException,
		)

		enabled: DF.Check
		exceptions: DF.Table[FollowupCalendarException]
		friday: DF.Check
		holiday_doctype: DF.Literal["", "Holiday List"]
		holiday_list: DF.DynamicLink | None
		monday: DF.Check
		saturday: DF.Check
		sunday: DF.Check
		thursday: DF.Check
		title: DF.Data
		tuesday: DF.Check
		wednesday: DF.Check
	# end: auto-generated types
