"""On which days the hospital calls: weekdays with dated exceptions, or a Holiday List of ERPNext."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import formatdate, getdate

from hospital_followup.exceptions import ClosedCalendarError, InvalidValueError

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


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

	def validate(self) -> None:
		self.validate_holiday_list()
		self.validate_weekdays()
		self.validate_exceptions()

	def validate_holiday_list(self) -> None:
		if not self.holiday_doctype:
			self.holiday_list = None
			return
		if not frappe.db.exists("DocType", self.holiday_doctype):
			frappe.throw(
				_(
					"Holiday lists come with ERPNext, which is not installed here. Enter the closed days below instead."
				),
				InvalidValueError,
				title=_("No Holiday List"),
			)
		if not self.holiday_list:
			frappe.throw(_("Choose the holiday list this calendar follows."), InvalidValueError)

	def validate_weekdays(self) -> None:
		if not self.holiday_doctype and not any(self.get(day) for day in WEEKDAYS):
			frappe.throw(
				_(
					"This calendar has no working day, so no contact could ever fall due. Tick at least one weekday."
				),
				ClosedCalendarError,
				title=_("Closed All Week"),
			)

	def validate_exceptions(self) -> None:
		first: dict[object, int] = {}
		for row in self.exceptions:
			day = getdate(row.date)
			if day in first:
				frappe.throw(
					_("Rows {0} and {1} both describe {2}. Keep one of them.").format(
						first[day], row.idx, formatdate(day)
					),
					InvalidValueError,
					title=_("Date Twice"),
				)
			first[day] = row.idx
