"""Tiers changed by hand: with a reason, upwards by those who may, downwards by a doctor only."""

from __future__ import annotations

import frappe
import pytest
from frappe.utils import add_days, today

from hospital_followup.exceptions import InvalidPeriodError, InvalidValueError, TierError
from hospital_followup.tests.drafts import discharge, new, patient

DOCTOR, SUPERVISOR = "Follow-up Doctor", "Follow-up Supervisor"


def stay(risk_tier: str = "Medium", **values: object) -> frappe.model.document.Document:
	"""A saved discharge whose current tier is `risk_tier`."""
	doc = discharge(**values).insert()
	frappe.db.set_value(doc.doctype, doc.name, "risk_tier", risk_tier)
	return doc


def tier(of: frappe.model.document.Document, **values: object) -> frappe.model.document.Document:
	return new("Patient Tier", **{"patient": of.patient, "discharge": of.name, "risk_tier": "High", **values})


def test_an_override_needs_its_reason() -> None:
	with pytest.raises(TierError, match="reason"):
		tier(stay(), override_reason="  ").insert()


@pytest.mark.parametrize(
	("role", "before", "after", "allowed"),
	[
		(DOCTOR, "Medium", "High", True),
		(DOCTOR, "Medium", "Low", True),
		(SUPERVISOR, "Medium", "High", True),
		(SUPERVISOR, "Medium", "Low", False),
		(SUPERVISOR, "High", "Medium", False),
	],
)
@pytest.mark.parametrize("method", ["Clinician", "LACE", "Given"])
def test_only_a_doctor_lowers(
	as_user, role: str, before: str, after: str, allowed: bool, method: str
) -> None:
	doc = tier(stay(before), risk_tier=after, method=method, override_reason="Lives with a nurse")
	with as_user(role):
		if not allowed:
			with pytest.raises(TierError, match="Only a follow-up doctor"):
				doc.insert()
			return
		doc.insert()
		doc.submit()
	assert (doc.method, doc.docstatus) == ("Clinician", 1)


def test_a_tier_given_by_the_hospital_is_no_override() -> None:
	doc = tier(stay("High", given_risk_tier="Low"), risk_tier="Low", method="Given").insert()
	assert doc.method == "Given"


def test_company_department_and_computed_tier_come_from_the_discharge() -> None:
	of = stay("Low", company="East")
	doc = tier(of, override_reason="Fell at home").insert()
	assert (doc.company, doc.computed_risk_tier, doc.patient_name) == ("East", "Low", "李梅")


def test_a_discharge_of_somebody_else_is_refused() -> None:
	with pytest.raises(InvalidValueError, match="another patient"):
		tier(stay(), patient=patient().name, override_reason="x").insert()


def test_an_assessment_in_the_future_is_refused() -> None:
	with pytest.raises(InvalidPeriodError):
		tier(stay(), assessed_on=add_days(today(), 1), override_reason="x").insert()


class TestPatientValue:
	def value(self, **values: object) -> frappe.model.document.Document:
		return new(
			"Patient Value", **{"patient": patient(company="East").name, "value_tier": "High", **values}
		)

	def test_potential_needs_its_reason(self) -> None:
		with pytest.raises(TierError, match="reason"):
			self.value(computed_value_tier="Low").insert()
		doc = self.value(computed_value_tier="Low", override_reason="Refers many patients").insert()
		assert (doc.value_tier, doc.company) == ("High", "East")

	def test_a_score_outside_one_to_five_is_refused(self) -> None:
		with pytest.raises(InvalidValueError, match="Recency Score"):
			self.value(recency_score=6).insert()
