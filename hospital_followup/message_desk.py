"""What the form of a Message Template asks: placeholders, the check and the preview while typing, the next version."""

from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document

from hospital_followup.exceptions import InvalidValueError
from hospital_followup.services import message_check, message_placeholders, message_preview, spoken, versions
from hospital_followup.services.message_texts import FIELDS, TEMPLATE

PATIENT = "Follow-up Patient"


@frappe.whitelist(methods=["GET", "POST"])
def message_placeholder_list(channel: str = "SMS") -> list[dict[str, Any]]:
	"""Every placeholder of a channel with its meaning and an example; `closed` ones tell about health."""
	frappe.has_permission(TEMPLATE, "read", throw=True)
	meanings, allowed = message_placeholders.meanings(), message_placeholders.kinds(channel)
	chinese = spoken.base_language(frappe.local.lang) == "zh"
	return [
		{
			"name": item.name,
			"meaning": meanings[item.name],
			"example": None
			if item.name in ("link", "link_token", "stop_hint")
			else item.zh
			if chinese
			else item.en,
			"kind": message_placeholders.TEXT,
			"is_health": item.place == "closed",
		}
		for item in message_placeholders.PLACEHOLDERS
		if item.name in allowed
	]


@frappe.whitelist(methods=["GET", "POST"])
def check_message(draft: str | dict[str, Any], patient: str | None = None) -> dict[str, Any]:
	"""What is wrong with a template that is being written, how it reads to a made-up patient or `patient`, its length."""
	frappe.has_permission(TEMPLATE, "read", throw=True)
	if patient:
		frappe.get_doc(PATIENT, patient).check_permission("read")
	template = _template(draft)
	problems = message_check.problems(template)
	if problems or not (template.body or "").strip():
		return {"problems": problems, "advice": [], "preview": None, "register": None}
	shown = message_preview.preview(template, patient)
	return {
		"problems": [],
		"advice": message_preview.advice(template, shown.get("segments") or 0),
		"preview": shown,
		"register": message_preview.to_register(template),
	}


@frappe.whitelist(methods=["POST"])
def new_message_version(template: str) -> str:
	"""Copy a template to a draft with the next version number; returns the name of the draft."""
	frappe.get_doc(TEMPLATE, template).check_permission("read")
	frappe.has_permission(TEMPLATE, "create", throw=True)
	return versions.new_version(TEMPLATE, template)


def _template(draft: str | dict[str, Any]) -> Document:
	"""An unsaved template of the values in a form."""
	values = frappe.parse_json(draft)
	simple = isinstance(values, dict) and all(isinstance(values.get(field), str | None) for field in FIELDS)
	if not simple or values.get("channel") not in message_preview.CHANNELS:
		frappe.throw(_("Changes are given as fields with values."), InvalidValueError)
	doc = {field: values.get(field) for field in (*FIELDS, "title")}
	return frappe.get_doc({"doctype": TEMPLATE, "status": "Draft", **doc})
