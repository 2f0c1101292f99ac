"""Pages of patients for the tests, made as a message would make them."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.model.document import Document

from hospital_followup import page_api
from hospital_followup.services import page_links, patient_pages
from tests.site.call_samples import contact, questionnaire

PAGE = patient_pages.PAGE


def page(
	*, asks: str | None = "a questionnaire", channel: str = "SMS", **fields: Any
) -> tuple[Document, str]:
	"""A page for an open contact by SMS and its token; `asks` None asks for satisfaction only."""
	asked = questionnaire() if asks == "a questionnaire" else asks
	task = contact(asks=asked, channel=channel, **fields.pop("task", {}))
	name = patient_pages.make(
		task.patient,
		key=f"task|{task.name}",
		task=task.name,
		plan=task.plan,
		questionnaire=asked,
		channel=channel,
		**fields,
	)
	return frappe.get_doc(PAGE, name), page_links.token_of(name)


def as_guest(method: str, token: str, **values: Any) -> dict[str, Any]:
	"""What a method of the page answers to somebody who only has the link."""
	before = frappe.session.user
	frappe.set_user("Guest")
	try:
		return getattr(page_api, method)(token=token, **values)
	finally:
		frappe.set_user(before)
		frappe.local.lang = "en"
