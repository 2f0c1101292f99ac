"""Who makes the contacts that stay on a closed day."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import formatdate, getdate

from hospital_followup.exceptions import DuplicateRecordError


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

	def validate(self) -> None:
		self.set_key()

	def set_key(self) -> None:
		"""The same person is on duty once per day, role and department; several people may share a duty."""
		parts = (getdate(self.date).isoformat(), self.role, self.company, self.department, self.user)
		self.key = "|".join(part or "" for part in parts)
		if frappe.db.exists(self.doctype, {"key": self.key, "name": ("!=", self.name)}):
			frappe.throw(
				_("{0} is on duty on {1} as {2} already.").format(
					frappe.bold(self.staff_name or self.user), formatdate(self.date), _(self.role)
				),
				DuplicateRecordError,
				title=_("Duty Exists"),
			)
