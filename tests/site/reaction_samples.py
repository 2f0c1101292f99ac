"""A pathway about blood pressure that reacts to answers, a patient who follows it, and what is said at its contacts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import frappe
from frappe.utils import getdate

from hospital_followup.services import page_closing, patient_pages
from hospital_followup.tests import factories
from tests.site.call_samples import approved
from tests.site.samples import saved

TASK, PLAN = "Follow-up Task", "Follow-up Plan"
TITLE = "Blood Pressure"
WORDS = "血压控制不满意"
ANSWERS = ("systolic", "diastolic")
HIGH, NORMAL = (150, 85), (120, 80)
SOONER = {
	"condition": "systolic >= 140 or diastolic >= 90",
	"effect": "Sooner",
	"within_days": 14,
	"reason": WORDS,
}
HEALED = {
	"condition": "systolic < 140 and diastolic < 90",
	"effect": "End Pathway",
	"reason": "Two normal results",
}


def questions() -> str:
	asked = [
		{"code": code, "text": code.title(), "answer_type": "Number", "unit": "mmHg", "required": 1}
		| {"minimum": "20", "maximum": "300", "amber_if": f">= {limit}"}
		for code, limit in zip(ANSWERS, (140, 90), strict=True)
	]
	doc = saved("Follow-up Questionnaire", language="en", questions=asked)
	return approved(doc).name


def pathway(*rows: dict[str, Any], title: str = TITLE, count: int = 4, **values: Any) -> Any:
	asks = questions()
	step = {"title": "Monthly", "step_id": "monthly", "offset": 1, "offset_unit": "Month", "window_days": 7}
	monthly = {
		**step,
		"repeat_every": 1,
		"repeat_unit": "Month",
		"repeat_count": count,
		"questionnaire": asks,
	}
	given = {
		"diagnoses": [{"code": "I10"}],
		"steps": [monthly],
		"reactions": list(rows or [SOONER]),
		**values,
	}
	return saved("Care Pathway", title=title, status="Approved", sign_off="Administrator", **given)


def stay(days: int = 30, **values: Any) -> Any:
	"""Discharged so long ago, Low risk: one contact of the tier in the first week, then those of the pathway."""
	facts = {
		"diagnoses": [{"code": "I10", "title": "高血压", "primary": 1}],
		"given_risk_tier": "Low",
		**values,
	}
	doc = factories.discharge(discharge_date=factories.days_from_now(-days), **facts)
	return frappe.get_doc(PLAN, doc.plan)


def contacts(plan: Any, title: str = TITLE, **filters: Any) -> list[Any]:
	"""The tasks of the pathway by due date."""
	names = frappe.get_all(
		"Follow-up Task Source", filters={"title": title, "parenttype": TASK}, pluck="parent", order_by="name"
	)
	rows = frappe.get_all(
		TASK, filters={"name": ("in", names), "plan": plan.name, **filters}, pluck="name", order_by="due_date"
	)
	return [frappe.get_doc(TASK, name) for name in rows]


def call(task: Any, values: tuple[int, int] | None, **fields: Any) -> Any:
	rows = [
		{"question": code, "value": str(value)} for code, value in zip(ANSWERS, values or (), strict=False)
	]
	asks = {"questionnaire": task.questionnaire, "answers": rows} if rows else {}
	return factories.log(task, "Reached Patient", identity_verified=1, **asks, **fields)


def due(task: Any) -> date:
	return getdate(frappe.db.get_value(TASK, task.name, "due_date"))


def rows_of(plan: Any) -> list[Any]:
	return frappe.get_doc(PLAN, plan.name).reactions


def last_working(until: date) -> date:
	while until.weekday() > 4:
		until -= timedelta(days=1)
	return until


def in_two_weeks() -> date:
	return last_working(factories.days_from_now(14))


def answer_page(task: Any, values: tuple[int, int]) -> Any:
	name = patient_pages.make(
		task.patient,
		key=f"task|{task.name}",
		task=task.name,
		plan=task.plan,
		questionnaire=task.questionnaire,
		channel="SMS",
	)
	page = frappe.get_doc(patient_pages.PAGE, name)
	for code, value in zip(ANSWERS, values, strict=True):
		page.append("answers", {"question": code, "value": str(value)})
	frappe.set_user("Guest")
	page_closing.hand_in(page)
	frappe.set_user("Administrator")
	return frappe.get_doc(patient_pages.PAGE, name)
