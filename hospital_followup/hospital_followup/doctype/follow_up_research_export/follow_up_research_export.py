"""A request for de-identified research data: what for, which stays, and what came of it."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import date_diff, getdate, today

from hospital_followup.engine.deidentify import SHORTEST_PERIOD
from hospital_followup.exceptions import InvalidPeriodError, ResearchExportError

#: What the request says; fixed as soon as a file was made of it.
REQUEST = ("title", "purpose", "approval", "from_date", "to_date", "department", "company")


class FollowupResearchExport(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		answers: DF.Int
		approval: DF.Data | None
		archive: DF.Attach | None
		attempts: DF.Int
		company: DF.Data | None
		consenting_patients: DF.Int
		contacts: DF.Int
		department: DF.Link | None
		discharges: DF.Int
		error_code: DF.Data | None
		finished_at: DF.Datetime | None
		from_date: DF.Date
		heard_of: DF.Datetime | None
		outcomes: DF.Int
		patients: DF.Int
		patients_generalised: DF.Int
		patients_left_out: DF.Int
		plans: DF.Int
		progress: DF.Percent
		purpose: DF.SmallText
		requested_by: DF.Link | None
		started_at: DF.Datetime | None
		status: DF.Literal["Draft", "Queued", "Running", "Finished", "Failed", "Stopped"]
		title: DF.Data
		to_date: DF.Date
	# end: auto-generated types

	def validate(self) -> None:
		self.validate_period()
		self.keep_result()
		self.validate_unchanged()

	def validate_period(self) -> None:
		if getdate(self.from_date) > getdate(self.to_date):
			frappe.throw(
				_("“{0}” must not be after “{1}”.").format(_("Discharges From"), _("Discharges To")),
				InvalidPeriodError,
				title=_("Dates Do Not Fit"),
			)
		if date_diff(min(getdate(self.to_date), getdate(today())), self.from_date) + 1 < SHORTEST_PERIOD:
			frappe.throw(
				_(
					"The period must cover at least {0} days until today: in a shorter one the real dates of patients could be worked out."
				).format(SHORTEST_PERIOD),
				InvalidPeriodError,
				title=_("Dates Do Not Fit"),
			)

	def keep_result(self) -> None:
		"""What came of it is written by the job alone: a request cannot claim a status, counts or somebody's file."""
		before = self.get_doc_before_save()
		for field in self.meta.get("fields", {"read_only": 1}):
			self.set(field.fieldname, before.get(field.fieldname) if before else field.default)
		if not before:
			self.requested_by = frappe.session.user

	def validate_unchanged(self) -> None:
		before = self.get_doc_before_save()
		if not before or before.status == "Draft":
			return
		if any(str(before.get(field) or "") != str(self.get(field) or "") for field in REQUEST):
			frappe.throw(
				_("This request has been carried out. Make a new one for other data."),
				ResearchExportError,
				title=_("Not possible"),
			)
