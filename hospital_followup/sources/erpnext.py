"""ERPNext: a Customer who is a person."""

from __future__ import annotations

import frappe
from frappe import _

from hospital_followup.engine.ports import PatientRecord
from hospital_followup.exceptions import SourceError
from hospital_followup.sources.base import address_of, exists, require, sex_of

FIELDS = ("name", "customer_name", "customer_type", "gender", "mobile_no", "email_id", "language")


class CustomerSource:
	"""Reads Customer. A customer whom Frappe Health knows as a patient is that patient."""

	doctype = "Customer"

	def available(self) -> bool:
		return exists(self.doctype)

	def same_as(self, name: str) -> tuple[str, str] | None:
		if not exists("Patient"):
			return None
		patients = frappe.get_all(
			"Patient", filters={"customer": name}, pluck="name", order_by="creation", limit=2
		)
		# A parent may pay for two children: then the customer is no one patient.
		return ("Patient", patients[0]) if len(patients) == 1 else None

	def read(self, name: str) -> PatientRecord:
		row = require(self.doctype, name, FIELDS)
		if row.customer_type != "Individual":
			frappe.throw(
				_("Customer {0} is not a person. Choose a customer of the type Individual.").format(name),
				SourceError,
				title=_("Not a person"),
			)
		return PatientRecord(
			patient_id=row.name,
			patient_name=row.customer_name,
			sex=sex_of(row.gender),
			mobile=row.mobile_no or None,
			email=row.email_id or None,
			language=row.language or None,
			home_address=address_of(self.doctype, name),
		)
