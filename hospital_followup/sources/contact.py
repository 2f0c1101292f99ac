"""Any site: a Contact."""

from __future__ import annotations

import frappe

from hospital_followup.engine.ports import PatientRecord
from hospital_followup.sources.base import address_of, exists, require, sex_of

FIELDS = ("name", "full_name", "first_name", "gender", "mobile_no", "phone", "email_id")


class ContactSource:
	"""Reads Contact. The contact card of a patient or of a customer who is a person is that patient or customer."""

	doctype = "Contact"

	def available(self) -> bool:
		return exists(self.doctype)

	def same_as(self, name: str) -> tuple[str, str] | None:
		for doctype in ("Patient", "Customer"):
			names = self._linked(name, doctype)
			if len(names) == 1 and (doctype == "Patient" or self._is_person(names[0])):
				return doctype, names[0]
		return None

	def read(self, name: str) -> PatientRecord:
		row = require(self.doctype, name, FIELDS)
		return PatientRecord(
			patient_id=row.name,
			patient_name=row.full_name or row.first_name or row.name,
			sex=sex_of(row.gender),
			mobile=row.mobile_no or row.phone or None,
			email=row.email_id or None,
			home_address=address_of(self.doctype, name),
		)

	def _linked(self, name: str, doctype: str) -> list[str]:
		if not exists(doctype):
			return []
		return frappe.get_all(
			"Dynamic Link",
			filters={
				"parenttype": self.doctype,
				"parent": name,
				"parentfield": "links",
				"link_doctype": doctype,
			},
			pluck="link_name",
			order_by="idx",
		)

	def _is_person(self, customer: str) -> bool:
		return frappe.db.get_value("Customer", customer, "customer_type") == "Individual"
