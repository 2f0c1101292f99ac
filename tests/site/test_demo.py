"""The made-up hospital lives through its days without an error, and everything that a hospital meets happens in it."""

from __future__ import annotations

from random import Random

import frappe
import pytest
from frappe.utils import cint

from demo import gateway
from demo.data import populate
from demo.messages import PROVIDER, page_to_look_at
from demo.people import RELATIONS, caregiver, person
from demo.stays import STAYS
from hospital_followup.services import figures

pytestmark = pytest.mark.commits
ADDRESS = "http://127.0.0.1:8000"


def test_days_of_a_hospital() -> None:
	with gateway.running() as texts_go_to:
		made = populate(texts_go_to, ADDRESS, days=5)
	assert all(made.values()), made
	for doctype, filters in (
		("Follow-up Log", {"outcome": "Reached Patient", "revisit_reminded": 1, "docstatus": 1}),
		("Follow-up Log", {"outcome": "No Answer", "docstatus": 1}),
		("Follow-up Task", {"status": "Completed"}),
		("Patient Discharge", {"referral_source": ("is", "set")}),
		("Follow-up Survey", {"status": "Answered", "recommend": ("is", "set")}),
		("Follow-up Consent", {"channel": "SMS", "given_on": ("is", "set")}),
		("Follow-up Message", {"status": "Sent", "provider": PROVIDER}),
		("Follow-up Message", {"status": "Delivered", "provider": PROVIDER}),
		("Follow-up Log", {"direction": "In", "outcome": "Replied", "channel": "SMS"}),
		("Follow-up Receipt", {"status": "Applied"}),
	):
		assert frappe.db.count(doctype, filters), (doctype, filters)
	assert str(page_to_look_at()).startswith(f"{ADDRESS}/follow-up#")
	failed = frappe.get_all("Follow-up Run", filters={"failed": (">", 0)}, pluck="job", order_by="name")
	assert failed == []
	first = frappe.db.get_value("Patient Discharge", {}, "discharge_date", order_by="discharge_date asc")
	counted = figures.totals(figures.Scope(first, frappe.utils.getdate()))
	assert counted.discharges and counted.attempts_reached and counted.satisfaction_count
	assert counted == figures.recount(figures.Scope(first, frappe.utils.getdate()))


def test_people_fit_their_stay_and_their_families() -> None:
	random = Random(1)
	for wards in STAYS.values():
		assert len({stay.instructions for stay in wards}) == len(wards)
		for stay in wards:
			low, high = stay.ages
			for number in range(40):
				made = person(random, number, stay.ages)
				assert low <= 2026 - cint(str(made["date_of_birth"])[:4]) <= high
	for age in range(6, 95):
		relation = caregiver(random, age, female=False, surname="王")["caregiver_relation"]
		assert (relation in ("儿子", "女儿")) <= (age >= 45)
		assert (relation in ("母亲", "父亲")) <= (age < 45)
	assert max(RELATIONS) > 120
