"""A department as follow-up sees it: who supervises it, by which calendar, and what other apps call it."""

import frappe
from frappe import _
from frappe.model.document import Document

from hospital_followup.exceptions import DuplicateRecordError, InvalidValueError


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

	def autoname(self) -> None:
		"""The plain name; a second company's department of that name carries the company behind it."""
		self.name = self.department_name.strip()
		if self.company and frappe.db.exists(self.doctype, self.name):
			self.name = f"{self.name} - {self.company}"

	def validate(self) -> None:
		self.department_name = self.department_name.strip()
		self.validate_mappings()

	def validate_mappings(self) -> None:
		"""A department of another app belongs to one department here, or its discharges would have two homes."""
		seen: set[tuple[str, str]] = set()
		for row in self.mappings:
			source = (row.source_doctype, row.source_name)
			if source in seen:
				frappe.throw(
					_("Row {0}: {1} is listed twice.").format(row.idx, frappe.bold(row.source_name)),
					InvalidValueError,
				)
			seen.add(source)
			other = frappe.db.get_value(
				"Follow-up Department Mapping",
				{"source_doctype": source[0], "source_name": source[1], "parent": ("!=", self.name)},
				"parent",
			)
			if other:
				frappe.throw(
					_("Row {0}: {1} belongs to {2} already. Remove it there first.").format(
						row.idx, frappe.bold(row.source_name), frappe.bold(other)
					),
					DuplicateRecordError,
				)
