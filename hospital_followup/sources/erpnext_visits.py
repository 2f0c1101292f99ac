"""ERPNext without Frappe Health: a customer who is billed was there. Who is not billed may have come all the same."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import frappe

from hospital_followup.engine.revisits import Evidence
from hospital_followup.sources.base import exists

INVOICE = "Sales Invoice"


class CustomerRevisitSource:
	"""Reads the Sales Invoices of customers."""

	patient_doctype = "Customer"
	department_doctype = None
	knows_absence = False

	def available(self) -> bool:
		return exists(INVOICE)

	def evidence(
		self, patients: Sequence[str], since: date, until: date, appointments: Sequence[str] = ()
	) -> Sequence[Evidence]:
		rows = frappe.get_all(
			INVOICE,
			filters={
				"customer": ("in", list(patients) or [""]),
				"docstatus": 1,
				"is_return": 0,
				"posting_date": ("between", (since, until)),
			},
			fields=["name", "customer", "posting_date"],
			order_by="posting_date, name",
		)
		return [Evidence("bill", row.posting_date, row.customer, INVOICE, row.name) for row in rows]
