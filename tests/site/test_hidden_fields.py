"""What a person may not read cannot be guessed at by asking for it."""

from __future__ import annotations

import json
from typing import Any

import frappe
import pytest

from hospital_followup import hidden_fields
from tests.site.rights import DR, person, record

TIER = "Patient Tier"
ESCAPED = '[["\\u0076alue_tier", "=", "High"]]'


@pytest.fixture
def asked():
	"""Asks for a list of tiers as a doctor does over HTTP, with these arguments of the request."""
	doctor, before = person(DR), frappe.local.form_dict
	record(TIER)

	def ask(**arguments: Any) -> None:
		frappe.local.form_dict = frappe._dict(arguments)
		hidden_fields.refuse_hidden_filters(TIER, doctor)

	yield ask
	frappe.local.form_dict = before


@pytest.mark.parametrize(
	"arguments",
	[
		{"filters": json.dumps({"value_tier": "High"})},
		{"filters": [["value_tier", "=", "High"]]},
		{"filters": json.dumps([["VALUE_TIER", "=", "High"]])},
		{"filters": ESCAPED},
		{"or_filters": json.dumps([["value_reasons", "like", "%floor%"]])},
		{"order_by": "`tabPatient Tier`.`Value_Tier` desc"},
		{"field": "value_tier", "current_filters": "[]"},
		{"current_filters": json.dumps([[TIER, "value_tier", "=", "High"]]), "field": "risk_tier"},
		{"searchfield": "value_tier", "txt": "High"},
		{"fields": json.dumps(["name", "greatest(name, value_tier) as seen"])},
		{"fieldname": "max(value_tier)"},
	],
)
def test_a_doctor_cannot_ask_by_the_value_tier(asked, arguments) -> None:
	with pytest.raises(frappe.PermissionError):
		asked(**arguments)


@pytest.mark.parametrize(
	"arguments",
	[
		{},
		{"fields": json.dumps(["name", "risk_tier", "value_tier"])},
		{"filters": json.dumps([["risk_tier", "=", "High"]]), "order_by": "modified desc"},
		{"fields": json.dumps(["count(name) as total"]), "group_by": "risk_tier"},
	],
)
def test_a_doctor_asks_by_anything_else(asked, arguments) -> None:
	asked(**arguments)
	assert "value_tier" in hidden_fields.hidden_fields(TIER, person(DR))
