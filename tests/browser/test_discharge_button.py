"""From a person's form in another app to a new discharge, in both languages."""

from __future__ import annotations

import frappe
import pytest

WORDS = {"en": ("Create", "Patient Discharge"), "zh": ("创建", "患者出院")}


@pytest.mark.site("plain")
@pytest.mark.parametrize("language", WORDS)
def test_a_discharge_of_a_contact(visit, language: str) -> None:
	contact = frappe.get_doc({"doctype": "Contact", "first_name": "陈", "last_name": "建国"}).insert()
	frappe.db.commit()  # reason: the web server must see it
	visitor = visit("Follow-up Specialist", "System Manager", language=language)
	page = visitor.open(f"/app/contact/{contact.name}")
	group, item = WORDS[language]

	button = page.locator(".inner-group-button", has_text=group)
	button.locator("> button").click()
	button.locator(".dropdown-item", has_text=item).click()

	page.wait_for_function(
		"() => cur_frm && cur_frm.doctype === 'Patient Discharge' && cur_frm.is_new() && cur_frm.doc.patient"
	)
	patient = page.evaluate("() => cur_frm.doc.patient")
	frappe.db.rollback()
	assert frappe.db.get_value("Follow-up Patient", patient, ["source_doctype", "source_name"]) == (
		"Contact",
		contact.name,
	)
	visitor.screenshot(f"discharge-of-a-contact-{language}")
