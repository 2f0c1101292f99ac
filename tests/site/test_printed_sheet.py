"""The call sheet on paper: everything the screen shows, boxes and lines to fill in by hand, in both languages."""

from __future__ import annotations

import re
import unicodedata
from io import BytesIO

import frappe
import pytest
from frappe.translate import print_language
from frappe.utils import add_days, today
from frappe.utils.print_format import download_multi_pdf, download_pdf
from frappe.www.printview import get_html_and_style
from pypdf import PdfReader

from hospital_followup.tests import factories as make
from tests.site.rights import record

TASK = "Follow-up Task"
FORMAT = "Follow-up Call Sheet"
QUESTIONS = [
	{"code": "fever", "text": "这几天发烧吗？", "answer_type": "Yes/No", "required": 1, "red_if": "yes"},
	{
		"code": "temperature",
		"text": "体温多少？",
		"answer_type": "Number",
		"unit": "°C",
		"minimum": "34",
		"maximum": "43",
		"show_if": "fever = yes",
		"red_if": ">= 39",
	},
	{"code": "pain", "text": "疼痛几分？", "answer_type": "Scale", "minimum": "0", "maximum": "10"},
	{
		"code": "wound",
		"text": "伤口怎么样？",
		"answer_type": "Choice",
		"choices": "dry | 干燥\nred | 红肿",
		"amber_if": "red",
	},
	{"code": "remark", "text": "还有什么想说的？", "answer_type": "Text"},
]


@pytest.fixture
def task() -> frappe._dict:
	"""A contact with a script, questions and advice of its own."""
	for field, value in (("hospital_name", "仁和医院"), ("emergency_number", "120")):
		frappe.db.set_single_value("Follow-up Settings", field, value)
	patient = make.patient(
		patient_name="王秀英",
		language="zh",
		mobile="13800138000",
		caregiver_name="李强",
		caregiver_mobile="13900139000",
		allergies="青霉素",
	)
	stay = make.discharge(
		patient.name,
		discharge_date=add_days(today(), -2),
		attending_doctor="陈医生",
		revisit_date=add_days(today(), 14),
		diagnoses=[{"code": "S72.0", "title": "股骨颈骨折", "primary": 1}],
		instructions="患肢避免负重。",
	)
	script = record(
		"Follow-up Script",
		title="骨折术后",
		language="zh",
		status="Approved",
		version=1,
		purpose="Follow-up",
		opening="{{ salutation }}，您好！",
		inquiry="出院{{ time_since_discharge }}了，恢复得怎么样？",
	).name
	asked = record(
		"Follow-up Questionnaire", title="骨折", language="zh", status="Approved", questions=QUESTIONS
	).name
	record(
		"Care Content",
		title="练习走路",
		topic="Guidance",
		language="zh",
		status="Approved",
		body="<p>扶拐行走。</p>",
	)
	first = make.tasks_of(stay.plan)[0]
	frappe.db.set_value(TASK, first.name, {"script": script, "questionnaire": asked})
	return frappe.get_doc(TASK, first.name)


def printed(name: str, language: str = "en") -> str:
	with print_language(language):
		return get_html_and_style(TASK, name, print_format=FORMAT)["html"].split("</style>")[-1]


@pytest.fixture
def served(web, monkeypatch):
	"""wkhtmltopdf fetches the print style over HTTP, as in a hospital."""
	monkeypatch.setitem(frappe.local.conf, "host_name", web.url)


def pages(content: bytes) -> list[str]:
	"""The text of each page; a PDF writes some characters in their compatibility form."""
	texts = (page.extract_text() for page in PdfReader(BytesIO(content)).pages)
	return ["".join(unicodedata.normalize("NFKC", text).split()) for text in texts]


@pytest.mark.parametrize(
	("language", "words"),
	[
		(
			"en",
			(
				"Follow-up Call Sheet",
				"two of these must agree",
				"Reached Patient",
				"Only if question 1: Yes",
				"Tell a doctor at once: ≥ 39",
				"Moved to Another Hospital",
				"34 to 43",
				"Name and signature",
			),
		),
		(
			"zh",
			(
				"随访电话记录单",
				"至少两项相符",
				"联系到患者",
				"仅当：第 1 题：是",
				"立即告知医生：≥ 39",
				"已转至其他医院",
				"34 至 43",
				"姓名和签字",
			),
		),
	],
)
def test_it_shows_what_the_screen_shows_with_places_to_write(task, language, words) -> None:
	html = printed(task.name, language)
	assert [word for word in words if word not in html] == []
	# What is read out stays in the patient's language.
	for text in ("王女士，您好！", "恢复得怎么样？", "疼痛几分？", "伤口怎么样？", "红肿", "扶拐行走。"):
		assert text in html, text
	for fact in (
		"王秀英",
		"+8613800138000",
		"李强",
		"青霉素",
		"股骨颈骨折",
		"患肢避免负重。",
		"陈医生",
		"仁和医院",
	):
		assert fact in html, fact
	assert "{{" not in html and "{%" not in html and "None" not in html


def test_no_date_can_be_read_the_wrong_way_round(task) -> None:
	born = "1983-11-12"
	frappe.db.set_value("Follow-up Patient", task.patient, "date_of_birth", born)
	frappe.db.set_default("date_format", "dd-mm-yyyy")
	for language, words in (("en", "November 12, 1983"), ("zh", "1983年11月12日")):
		html = printed(task.name, language)
		assert words in html
		assert re.findall(r"\d\d-\d\d-\d{4}", html) == []


def test_a_contact_without_anything_prints() -> None:
	# In Chinese, where "None" can only be a value that nobody filled in: the shipped questions offer it as an answer.
	patient = make.patient(date_of_birth=None, language="zh").name
	html = printed(make.task(patient=patient).name, "zh")
	assert "本次结果" in html and "{{" not in html and "None" not in html


def test_markup_in_a_fact_stays_text(task) -> None:
	frappe.db.set_value("Patient Discharge", task.discharge, "instructions", "<b id=x>bold</b>")
	assert "<b id=x>" not in printed(task.name)


def test_what_the_reader_may_not_see_is_not_printed(task, as_user) -> None:
	with as_user("Desk User" if frappe.db.exists("Role", "Desk User") else "Employee") as user:
		frappe.set_user("Administrator")
		frappe.share.add_docshare(TASK, task.name, user, read=1, share=0)
		frappe.db.set_value("DocShare", {"share_name": task.name, "user": user}, "read", 1)
		frappe.set_user(user)
		sheet = frappe.get_doc(TASK, task.name).printed_sheet()
	shown = frappe.as_json(sheet)
	for secret in ("13800138000", "13900139000", "股骨颈骨折", "患肢避免负重", "青霉素"):
		assert secret not in shown, secret


@pytest.mark.commits
@pytest.mark.parametrize(("language", "title"), [("en", "Follow-upCallSheet"), ("zh", "随访电话记录单")])
def test_it_comes_out_as_a_pdf_with_chinese(task, served, as_user, language, title) -> None:
	with as_user("Follow-up Specialist"):
		download_pdf(TASK, task.name, format=FORMAT, language=language)
	text = "".join(pages(frappe.response.filecontent))
	assert title in text and "王秀英" in text and "疼痛几分?" in text


@pytest.mark.commits
def test_several_contacts_print_one_after_another(task, served) -> None:
	second = make.task(patient=make.patient(patient_name="李雷").name)
	download_multi_pdf(TASK, frappe.as_json([task.name, second.name]), format=FORMAT)
	found = pages(frappe.response.filecontent)
	begins = [number for number, text in enumerate(found) if "Follow-upCallSheet" in text]
	assert len(begins) == 2 and "李雷" in found[begins[1]] and "李雷" not in found[begins[0]]
