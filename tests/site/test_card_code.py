"""The code on the discharge card: it opens the patient's own page, for as long as the follow-up lasts."""

from __future__ import annotations

import base64
from io import BytesIO
from typing import Any

import frappe
import pyqrcode
import pytest
from frappe.translate import print_language
from frappe.utils import add_days, date_diff, getdate, now_datetime, today
from frappe.utils.print_format import download_pdf
from frappe.www.printview import get_html_and_style
from pypdf import PdfReader

from hospital_followup.services import page_closing, page_links, patient_pages
from hospital_followup.services.discharge_card import page_code
from hospital_followup.tests import factories as make
from tests.site.pages import PAGE

DISCHARGE, CARD = "Patient Discharge", "Discharge Card"


@pytest.fixture(autouse=True)
def address() -> None:
	make.standard_policy()
	settings(base_url="https://hospital.example")


def settings(**values: str) -> None:
	frappe.db.set_single_value("Follow-up Settings", values)
	frappe.clear_document_cache("Follow-up Settings", "Follow-up Settings")


def discharge():
	return make.discharge(make.patient(patient_name="王秀英", language="zh").name)


def page_of(name: str):
	return frappe.get_doc(PAGE, {"key": f"card|{name}"})


def test_is_the_link_to_a_page_that_asks_nothing() -> None:
	doc = discharge()
	code = page_code(doc.name)
	page = page_of(doc.name)
	drawn = BytesIO()
	link = f"https://hospital.example/follow-up#{page_links.token_of(page.name)}"
	pyqrcode.create(link, error="M").svg(drawn, scale=4, quiet_zone=2, xmldecl=False)
	assert base64.b64decode(code.partition(",")[2]) == drawn.getvalue()
	assert (page.patient, page.plan) == (doc.patient, doc.plan)
	assert (page.asks_satisfaction, page.questionnaire) == (0, None)


def test_is_the_same_each_time_it_is_printed() -> None:
	doc = discharge()
	assert page_code(doc.name) == page_code(doc.name)
	assert frappe.db.count(PAGE, {"patient": doc.patient}) == 1


def test_opens_until_a_month_after_the_plan() -> None:
	doc = discharge()
	page_code(doc.name)
	until = frappe.db.get_value("Follow-up Plan", doc.plan, "end_date")
	assert date_diff(getdate(page_of(doc.name).expires_at), getdate(until)) == 30


def test_a_plan_that_lasts_longer_keeps_the_card_open() -> None:
	doc = discharge()
	page_code(doc.name)
	frappe.db.set_value("Follow-up Plan", doc.plan, "end_date", add_days(today(), 200))
	page_code(doc.name)
	assert date_diff(getdate(page_of(doc.name).expires_at), today()) == 230


def test_a_card_that_is_printed_again_opens_its_page_again() -> None:
	doc = discharge()
	page_code(doc.name)
	page = page_of(doc.name)
	frappe.db.set_value(PAGE, page.name, "expires_at", add_days(now_datetime(), -1))
	page_closing.expire(now_datetime())
	token = page_links.token_of(page.name)
	assert patient_pages.find(token) is None
	page_code(doc.name)
	assert patient_pages.find(token).status == "Sent"


@pytest.mark.parametrize("why", ["no address", "deceased", "stopped", "over", "no plan", "erased"])
def test_there_is_none_where_nothing_would_open(why: str) -> None:
	doc = discharge()
	if why == "no address":
		settings(base_url="")
	elif why == "deceased":
		frappe.db.set_value("Follow-up Patient", doc.patient, "status", "Deceased")
	elif why == "stopped":
		frappe.db.set_value("Follow-up Plan", doc.plan, "status", "Stopped")
	elif why == "erased":
		frappe.db.set_value("Follow-up Patient", doc.patient, "erased_on", now_datetime())
	elif why == "over":
		frappe.db.set_value("Follow-up Plan", doc.plan, "end_date", add_days(today(), -31))
	else:
		frappe.db.set_value(DISCHARGE, doc.name, "plan", None)
	assert page_code(doc.name) is None
	assert frappe.db.count(PAGE, {"patient": doc.patient}) == 0


@pytest.mark.parametrize("forged", [None, {"patient": ("is", "set")}, ["like", "%"], "nobody"])
def test_a_made_up_discharge_gets_none(forged: object) -> None:
	discharge()
	assert page_code(forged) is None


@pytest.mark.parametrize(
	("language", "words"), [("en", "Scan to ask us for a call."), ("zh", "扫码即可请我们给您回电。")]
)
def test_the_card_carries_it(language: str, words: str) -> None:
	doc = discharge()
	with print_language(language):
		html = get_html_and_style(DISCHARGE, name=doc.name, print_format=CARD)["html"]
	assert "data:image/svg+xml;base64," in html
	assert words in html
	assert page_links.token_of(page_of(doc.name).name) not in html


@pytest.mark.commits
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_card_is_one_sheet_of_paper(
	as_user: Any, web: Any, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
	monkeypatch.setitem(frappe.local.conf, "host_name", web.url)
	doc = discharge()
	frappe.db.commit()  # reason: the print is logged in a transaction of its own
	with as_user("Follow-up Specialist"):
		download_pdf(DISCHARGE, doc.name, format=CARD, language=language)
	assert len(PdfReader(BytesIO(frappe.response.filecontent)).pages) == 1
