"""A questionnaire, advice and contacts for the tests of calls, made as a person makes them."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.model.document import Document

from hospital_followup.tests import factories as make
from tests.site.samples import saved

TASK = "Follow-up Task"
LOG = "Follow-up Log"
ALERT = "Follow-up Alert"
QUESTIONS = (
	{
		"code": "pain",
		"text": "How strong is the pain?",
		"answer_type": "Scale",
		"minimum": "0",
		"maximum": "10",
	}
	| {"required": 1, "amber_if": ">= 4", "red_if": ">= 8"},
	{
		"code": "fever",
		"text": "Do you have a fever?",
		"answer_type": "Yes/No",
		"required": 1,
		"red_if": "yes",
	},
	{"code": "degrees", "text": "What does the thermometer say?", "answer_type": "Number", "unit": "°C"}
	| {"minimum": "34", "maximum": "43", "show_if": "fever = yes"},
	{"code": "wish", "text": "What would you like to know?", "answer_type": "Text"},
)


def questionnaire(**fields: Any) -> str:
	"""An approved questionnaire in English: pain, fever, degrees (when there is fever), a wish."""
	values = {"language": "en", "questions": [dict(question) for question in QUESTIONS], **fields}
	return approved(saved("Follow-up Questionnaire", **values)).name


def advice(**fields: Any) -> str:
	return approved(saved("Care Content", **{"language": "en", "body": "<p>Keep it dry.</p>", **fields})).name


def approved(document: Document) -> Document:
	document.status = "Approved"
	if document.meta.has_field("sign_off"):
		document.sign_off = "Administrator"
	return document.save()


def contact(*, asks: str | None = None, **fields: Any) -> Document:
	"""An open call to a patient who speaks English; a second one is still to come, so that the plan goes on."""
	patient = fields.pop("patient", None) or make.patient(language="en").name
	plan = make.plan(patient, planned_contacts=2)
	later = {name: make.days_from_now(7) for name in ("opens_on", "due_date")}
	make.task(plan, status="Scheduled", **later, expires_on=make.days_from_now(13))
	return make.task(plan, questionnaire=asks, **fields)


def row(task: Document) -> frappe._dict:
	return frappe.db.get_value(TASK, task.name, "*", as_dict=True)


def drafts(task: Document) -> list[str]:
	return frappe.get_all(LOG, filters={"task": task.name, "docstatus": 0}, pluck="name", order_by="name")


def alerts(task: Document) -> list[frappe._dict]:
	return frappe.get_all(ALERT, filters={"task": task.name}, fields=["*"], order_by="creation, name")
