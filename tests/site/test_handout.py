"""The hand-out for the patient: dates, channels and whom to call, on paper, in both languages; never a tier."""

from __future__ import annotations

from io import BytesIO

import frappe
import pytest
from frappe.translate import print_language
from frappe.utils import formatdate
from frappe.utils.print_format import download_multi_pdf, download_pdf
from frappe.www.printview import get_html_and_style
from pypdf import PdfReader

from hospital_followup.services import plans
from hospital_followup.tests import factories

PLAN = "Follow-up Plan"
FORMAT = "Follow-up Plan Hand-out"


@pytest.fixture
def plan():
	"""The plan of a discharge with everything that the hand-out may show."""
	for field, value in (("hospital_name", "Renhe Hospital"), ("hospital_phone", "010-88886666")):
		frappe.db.set_single_value("Follow-up Settings", field, value)
	patient = factories.patient(patient_name="王秀英")
	factories.value(patient.name, "Low")
	doc = factories.discharge(
		patient.name,
		revisit_date=factories.days_from_now(14),
		instructions="Keep the wound dry & clean.",
		diagnoses=[{"code": "S72.0", "title": "Fracture of neck of femur"}],
	)
	return frappe.get_doc(PLAN, doc.plan)


def printed(plan, language: str = "en") -> str:
	with print_language(language):
		return get_html_and_style(PLAN, plan.name, print_format=FORMAT)["html"]


@pytest.fixture
def served(web, monkeypatch):
	"""wkhtmltopdf fetches the print style over HTTP, as in a hospital."""
	monkeypatch.setitem(frappe.local.conf, "host_name", web.url)


def pages(content: bytes) -> list[str]:
	return [page.extract_text() for page in PdfReader(BytesIO(content)).pages]


@pytest.mark.parametrize(
	("language", "words"),
	[
		(
			"en",
			(
				"Your Follow-up Plan",
				"We call you",
				"your follow-up doctor",
				"Call 120 at once",
				"Your Next Visit",
			),
		),
		("zh", ("您的随访计划", "我们会给您打电话", "您的随访医生", "请立即拨打 120", "您的复诊")),
	],
)
def test_it_tells_when_how_and_whom_to_call(plan, language, words):
	html = printed(plan, language)
	assert all(word in html for word in words), [word for word in words if word not in html]
	assert "王秀英" in html and "010-88886666" in html and "Keep the wound dry &amp; clean." in html
	with print_language(language):
		for task in factories.tasks_of(plan.name):
			assert formatdate(task.due_date, "full") in html


def test_it_carries_no_tier_and_no_diagnosis(plan):
	html = printed(plan).lower()
	for word in ("risk", "tier", "value", "clinical floor", "fracture", "s72"):
		assert word not in html.split("</style>")[-1], word


def test_instructions_stay_hidden_from_those_who_may_not_read_them(plan, as_user):
	frappe.db.delete("DocPerm", {"parent": "Patient Discharge", "permlevel": 1, "role": "Follow-up Doctor"})
	frappe.clear_cache(doctype="Patient Discharge")
	with as_user("Follow-up Doctor"):
		assert "Keep the wound" not in printed(plan)


def test_cancelled_contacts_are_not_announced(plan):
	plans.stop(plan.name, "Moved away")
	assert "No further contact is planned" in printed(plan)


def test_a_child_s_sheet_speaks_to_the_guardian():
	patient = factories.patient(
		date_of_birth=factories.days_from_now(-365 * 8), caregiver_name="赵刚", caregiver_mobile="13700137000"
	)
	doc = factories.discharge(patient.name)
	assert "we speak with the parent or guardian" in printed(frappe.get_doc(PLAN, doc.plan))


@pytest.mark.commits
@pytest.mark.parametrize(("language", "title"), [("en", "Your Follow-up Plan"), ("zh", "您的随访计划")])
def test_it_comes_out_of_frappes_own_pdf_download(plan, served, as_user, language, title):
	with as_user("Follow-up Specialist"):
		download_pdf(PLAN, plan.name, format=FORMAT, language=language)
	text = pages(frappe.response.filecontent)
	assert len(text) <= 2, "one sheet of paper, printed on both sides"
	assert [
		number for number, page in enumerate(text) if "".join(title.split()) in "".join(page.split())
	] == [0]


@pytest.mark.commits
def test_several_are_printed_from_the_list(plan, served):
	second = factories.discharge().plan
	download_multi_pdf(PLAN, frappe.as_json([plan.name, second]), format=FORMAT)
	begun = ["YourFollow-upPlan" in "".join(page.split()) for page in pages(frappe.response.filecontent)]
	assert begun[0] and sum(begun) == 2 and len(begun) <= 4


def test_a_plan_prints_as_the_hand_out_unless_the_hospital_chose_otherwise():
	assert frappe.get_meta(PLAN).default_print_format == FORMAT
