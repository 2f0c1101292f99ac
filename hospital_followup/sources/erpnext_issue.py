"""ERPNext's Issue: where a hospital that runs ERPNext looks into complaints."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import escape_html

from hospital_followup.engine.complaints import Complaint
from hospital_followup.sources.base import exists


class ERPNextIssueDesk:
	"""Opens an Issue with the patient's words and the alert's name; who the patient is stands in the alert.

	It has no customer: ERPNext shows an Issue to every website user of its customer, who may be an insurer or employer.
	"""

	doctype = "Issue"

	def available(self) -> bool:
		return exists(self.doctype) and exists("Issue Priority")

	def open(self, complaint: Complaint) -> str:
		doc = frappe.get_doc(
			{
				"doctype": self.doctype,
				"subject": _("Complaint after discharge ({0})").format(complaint.reference),
				"description": self._description(complaint),
				"company": self._company(complaint),
			}
		)
		doc.insert(ignore_permissions=True)  # reason: the patient complains, whoever writes it down
		return doc.name

	def _description(self, complaint: Complaint) -> str:
		lines = (
			complaint.words,
			_("Follow-up Alert {0} has the contact it came of.").format(complaint.reference),
		)
		return "".join(f"<p>{escape_html(line)}</p>" for line in lines)

	def _company(self, complaint: Complaint) -> str | None:
		company = complaint.company
		return company if company and frappe.db.exists("Company", company) else None
