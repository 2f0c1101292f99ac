"""The value tier is computed from invoices and visits, by the site's own quintiles, and never over a person's word."""

from __future__ import annotations

import frappe
import pytest
from frappe.utils import add_days, getdate, today

from hospital_followup.services.values import compute_if_due, compute_values
from hospital_followup.services.writer import insert_rows, new_names
from hospital_followup.tests import factories


@pytest.fixture
def customers():
	"""25 patients known by their customer; number n came on n + 1 days and spent 100 n, the last one yesterday."""
	patients = []
	for number in range(1, 26):
		customer = frappe.get_doc(
			{"doctype": "Customer", "customer_name": f"Value {number}", "customer_type": "Individual"}
		).insert()
		patient = factories.patient(source_doctype="Customer", source_name=customer.name)
		patients.append(patient.name)
		for visit in range(number + 1):
			invoice(customer.name, 100 * number / (number + 1), -(26 - number) - 10 * visit)
	return patients


def invoice(customer: str, amount: float, days: int, **fields: object) -> None:
	row = {
		"name": new_names(1)[0],
		"customer": customer,
		"posting_date": add_days(today(), days),
		"base_grand_total": amount,
		**fields,
	}
	insert_rows("Sales Invoice", [row], docstatus=1)


def value_of(patient: str) -> frappe._dict:
	return frappe.get_doc("Patient Value", {"patient": patient})


def test_quintiles_of_the_site_decide(customers):
	assert compute_values(getdate(today())) == 25
	best, middle, worst = (value_of(customers[index]) for index in (24, 12, 0))
	assert (best.recency_score, best.frequency_score, best.monetary_score, best.value_tier) == (
		5,
		5,
		5,
		"High",
	)
	assert (middle.recency_score, middle.frequency_score, middle.monetary_score) == (3, 3, 3)
	assert middle.value_tier == "Medium"
	assert (worst.frequency_score, worst.monetary_score, worst.value_tier) == (1, 1, "Low")
	settings = frappe.get_single("Follow-up Settings")
	assert settings.monetary_cut_points == "500, 1000, 1500, 2000"
	assert (settings.value_patients, getdate(settings.value_computed_on)) == (25, getdate(today()))


def test_what_a_person_decided_stays(customers):
	given = factories.value(customers[0], "High")
	compute_values(getdate(today()))
	compute_values(getdate(today()))
	kept = value_of(customers[0])
	assert (kept.name, kept.value_tier, kept.computed_value_tier) == (given.name, "High", "Low")
	assert kept.override_reason
	assert frappe.db.count("Patient Value", {"patient": customers[0]}) == 1


def test_returns_old_and_cancelled_invoices_do_not_count(customers):
	customer = frappe.db.get_value("Follow-up Patient", customers[0], "source_name")
	invoice(customer, -50, -1, is_return=1)
	invoice(customer, 9_999, -900)
	compute_values(getdate(today()))
	value = value_of(customers[0])
	assert (value.monetary, value.frequency) == (50, 2)


def test_few_patients_give_no_quintiles():
	customer = frappe.get_doc(
		{"doctype": "Customer", "customer_name": "Only one", "customer_type": "Individual"}
	).insert()
	patient = factories.patient(source_doctype="Customer", source_name=customer.name)
	invoice(customer.name, 5_000, -3)
	invoice(customer.name, 5_000, -5)
	assert compute_values(getdate(today())) == 1
	assert (value_of(patient.name).value_tier, value_of(patient.name).score) == ("Medium", 0)


def test_once_a_month_also_after_an_outage(customers):
	day = getdate(today())
	assert compute_if_due(day) == 25
	assert compute_if_due(day) == 0
	frappe.db.set_single_value("Follow-up Settings", "value_computed_on", add_days(day.replace(day=1), -40))
	assert compute_if_due(day) == 25
