"""ERPNext's Issue: where a hospital that runs ERPNext looks into complaints."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import escape_html

from hospital_followup.engine.complaints import Complaint
from hospital_followup.sources.base import exists


class ERPNextIssueDesk:
	"""Opens an Issue. The desk's people read it with their own rights; the subject says nothing about the patient."""

	doctype = "Issue"

	def available(self) -> bool:
		return exists(self.doctype) and exists("Issue Priority")

	def open(self, complaint: Complaint) -> str:
		doc = frappe.get_doc(
			{
				"doctype": self.doctype,
				"subject": _("Complaint after discharge ({0})").format(complaint.reference),
				"description": self._description(complaint),
				"customer": self._customer(complaint),
				"company": self._company(complaint),
			}
		)
		doc.insert(ignore_permissions=True)  # reason: the patient complains, whoever writes it down
		return doc.name

	def _description(self, complaint: Complaint) -> str:
		lines = (
			_("{0}, hospital number {1}").format(complaint.patient_name, complaint.patient_id),
			complaint.department,
			complaint.words,
			_("Follow-up Alert {0} has the contact it came of.").format(complaint.reference),
		)
		return "".join(f"<p>{escape_html(line)}</p>" for line in lines if line)

	def _customer(self, complaint: Complaint) -> str | None:
		"""The customer who pays for the patient, where the site has one."""
		if complaint.source_doctype == "Customer":
			name = complaint.source_name
		elif complaint.source_doctype == "Patient" and exists("Patient"):
			name = frappe.db.get_value("Patient", complaint.source_name, "customer")
		else:
			name = None
		return name if name and frappe.db.exists("Customer", name) else None

	def _company(self, complaint: Complaint) -> str | None:
		company = complaint.company
		return company if company and frappe.db.exists("Company", company) else None
