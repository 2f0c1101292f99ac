"""One valid document of each doctype that configures or surrounds follow-up, as small as a person could enter it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import frappe
from frappe.model.document import Document
from frappe.model.workflow import apply_workflow
from frappe.utils import add_days, add_to_date, now_datetime, today

Values = dict[str, Any]


def sample(doctype: str, **values: Any) -> Document:
	"""An unsaved document, with `values` in place of the sample's own."""
	return frappe.get_doc({"doctype": doctype, **SAMPLES[doctype](), **values})


def saved(doctype: str, **values: Any) -> Document:
	return sample(doctype, **values).insert()


def ready_for_approval(doctype: str, **values: Any) -> Document:
	"""A saved draft whose next step is its approval."""
	doc = saved(doctype, **values)
	if doctype == "Follow-up Script":
		apply_workflow(doc, "Send for Sign-off")
	return frappe.get_doc(doctype, doc.name)


def patient_of(**values: Any) -> Values:
	return {"patient": saved("Follow-up Patient").name, **values}


def title() -> str:
	return f"Sample {frappe.generate_hash(length=6)}"


def reviewer() -> str:
	email = f"{frappe.generate_hash(length=8)}@hospital.example"
	return saved("User", email=email).name


def log() -> str:
	return saved("Follow-up Log").name


def approved_pathway(**values: Any) -> str:
	"""Name of a pathway in use, as its sign-off leaves it."""
	return saved("Care Pathway", status="Approved", sign_off="Administrator", **values).name


SAMPLES: dict[str, Callable[[], Values]] = {
	"User": lambda: {"first_name": "R", "send_welcome_email": 0},
	"Follow-up Patient": lambda: {"patient_id": title(), "patient_name": "王小明"},
	"Follow-up Log": lambda: patient_of(
		channel="Phone",
		direction="In",
		contacted_at=now_datetime(),
		staff="Administrator",
		outcome="Reached Patient",
	),
	"Care Pathway": lambda: {
		"title": title(),
		"anchor": "Discharge",
		"review_by": add_days(today(), 180),
		"steps": [{"title": "Day 2", "offset": 2, "offset_unit": "Day"}],
	},
	"Follow-up Script": lambda: {
		"title": title(),
		"language": "zh",
		"opening": "您好",
		"review_by": add_days(today(), 180),
	},
	"Follow-up Questionnaire": lambda: {
		"title": title(),
		"review_by": add_days(today(), 180),
		"questions": [{"code": "fever", "text": "Fever?", "answer_type": "Yes/No"}],
	},
	"Care Content": lambda: {
		"title": title(),
		"topic": "Guidance",
		"language": "zh",
		"body": "<p>保持伤口干燥</p>",
		"review_by": add_days(today(), 180),
	},
	"Message Template": lambda: {
		"title": title(),
		"purpose": "Clinical",
		"channel": "SMS",
		"language": "zh",
		"body": "您好",
	},
	"Follow-up Message": lambda: patient_of(channel="SMS", body="您好", send_after=now_datetime()),
	"Follow-up Consent": lambda: patient_of(purpose="Clinical", channel="All", given_on=now_datetime()),
	"Follow-up Survey": lambda: patient_of(expires_at=add_to_date(now_datetime(), days=7)),
	"Follow-up Alert Rule": lambda: {
		"title": title(),
		"conditions": [{"fact": "Answer", "question_code": "pain_score", "operator": ">=", "value": "7"}],
	},
	"Follow-up Alert": lambda: patient_of(detail="pain 8"),
	"Follow-up Revisit": lambda: patient_of(expected_on=today()),
	"Quality Review": lambda: {
		"log": log(),
		"reviewer": reviewer(),
		"criteria": [{"criterion": "Opening", "group": "Script", "score": "5"}],
	},
	"Follow-up Training": lambda: {
		"title": title(),
		"held_on": add_days(today(), -1),
		"hours": 2,
		"participants": [{"user": reviewer(), "passed": 1}],
	},
	"Discharge Import": lambda: {
		"file": "/private/files/discharges.csv",
		"mapping": [{"column_title": "患者编号", "target": "patient_id"}],
	},
	"Programme Enrolment": lambda: patient_of(pathway=approved_pathway(), anchor_date=today()),
	"Follow-up Receipt": lambda: {
		"state": "Delivered",
		"provider": "SMS of the hospital",
		"reported_at": now_datetime(),
	},
	"Follow-up Daily Figure": lambda: {"date": today(), "planned": 3},
	"Follow-up Daily Total": lambda: {"date": today(), "planned": 3},
	"Follow-up Changed Day": lambda: {"day": today()},
	"Follow-up Research Export": lambda: {
		"title": "Wound healing",
		"purpose": "Doctoral thesis",
		"from_date": add_days(today(), -100),
		"to_date": today(),
	},
}
