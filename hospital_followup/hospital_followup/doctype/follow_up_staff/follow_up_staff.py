"""Who makes contacts: for which departments, how many a day, and when not."""

from itertools import pairwise

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import formatdate, getdate

from hospital_followup.exceptions import InvalidPeriodError, InvalidValueError


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

	def validate(self) -> None:
		self.validate_numbers()
		self.validate_absences()
		self.warn_about_missing_role()

	def validate_numbers(self) -> None:
		if self.enabled and (self.capacity_per_day or 0) < 1:
			frappe.throw(
				_("Contacts per day must be at least 1. To stop giving {0} work, clear “{1}”.").format(
					frappe.bold(self.staff_name or self.user), _("Takes Contacts")
				),
				InvalidValueError,
			)
		if not 0 <= (self.target_completion_rate or 0) <= 100:
			frappe.throw(
				_("The target completion rate is a percentage between 0 and 100."), InvalidValueError
			)

	def validate_absences(self) -> None:
		ranges = sorted((getdate(row.from_date), getdate(row.to_date), row.idx) for row in self.absences)
		for start, end, idx in ranges:
			if end < start:
				sentence = _("Row {0}: the absence ends on {1}, before it begins on {2}.")
				self._refuse(sentence.format(idx, formatdate(end), formatdate(start)))
		for (_start, end, idx), (start, _end, other) in pairwise(ranges):
			if start <= end:
				self._refuse(_("Rows {0} and {1} overlap. Join them into one absence.").format(idx, other))

	def _refuse(self, sentence: str) -> None:
		frappe.throw(sentence, InvalidPeriodError, title=_("Absences"))

	def warn_about_missing_role(self) -> None:
		if self.enabled and self.role not in frappe.get_roles(self.user):
			frappe.msgprint(
				_(
					"{0} does not have the role {1} yet and cannot open the contacts. Add the role to the user."
				).format(frappe.bold(self.staff_name or self.user), _(self.role)),
				alert=True,
				indicator="orange",
			)
