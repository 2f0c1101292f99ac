"""Card, rehabilitation record, hand-out advice and the list of the day: what they say, in both languages, as PDF."""

from __future__ import annotations

import unicodedata
from io import BytesIO

import frappe
import pytest
from frappe.desk.query_report import run
from frappe.translate import print_language
from frappe.utils import add_days, add_to_date, formatdate, now_datetime, today
from frappe.utils.print_format import download_pdf
from frappe.www.printview import get_html_and_style
from pypdf import PdfReader

from hospital_followup.tests import factories as make
from tests.site.rights import person, record

PLAN, DISCHARGE, PATIENT, TASK = (
	"Follow-up Plan",
	"Patient Discharge",
	"Follow-up Patient",
	"Follow-up Task",
)
CARD, COURSE = "Discharge Card", "Rehabilitation Record"
SPECIALIST = "Follow-up Specialist"


@pytest.fixture
def discharge():
	for field, value in (("hospital_name", "仁和医院"), ("hospital_phone", "010-88886666")):
		frappe.db.set_single_value("Follow-up Settings", field, value)
	ward = make.department("骨科", contact_phone="010-66668888")
	return make.discharge(
		make.patient(patient_name="王秀英", language="zh").name,
		department=ward,
		revisit_date=add_days(today(), 14),
		attending_doctor="陈医生",
		diagnoses=[{"code": "S72.0", "title": "股骨颈骨折"}],
	)


@pytest.fixture
def patient() -> str:
	questions = [
		{"code": "systolic", "text": "收缩压", "answer_type": "Number", "unit": "mmHg", "amber_if": ">= 140"},
		{"code": "diastolic", "text": "舒张压", "answer_type": "Number", "unit": "mmHg", "amber_if": ">= 90"},
		{"code": "wound", "text": "伤口", "answer_type": "Choice", "choices": "dry | 干燥\nred | 红肿"},
	]
	asked = record("Follow-up Questionnaire", title="康复", language="zh", questions=questions).name
	name = make.patient(patient_name="王秀英").name
	for days, upper, lower, wound in (
		(20, "152", "96", "red"),
		(12, "139", "88", "dry"),
		(2, "131", "84", "dry"),
	):
		answers = [
			{"question": "systolic", "value": upper, "flag": "Amber" if int(upper) >= 140 else None},
			{"question": "diastolic", "value": lower},
			{"question": "wound", "value": wound},
		]
		facts = {"questionnaire": asked, "contacted_at": add_to_date(now_datetime(), days=-days)}
		record(
			"Follow-up Log", docstatus=1, patient=name, outcome="Reached Patient", answers=answers, **facts
		)
	return name


def printed(doctype: str, name: str, style: str, language: str = "en") -> str:
	with print_language(language):
		return get_html_and_style(doctype, name, print_format=style)["html"].split("</style>")[-1]


@pytest.fixture
def pdf(web, monkeypatch, as_user):
	"""The text of a PDF as a specialist downloads it."""
	monkeypatch.setitem(frappe.local.conf, "host_name", web.url)

	def download(doctype: str, name: str, style: str, language: str) -> str:
		with as_user(SPECIALIST):
			download_pdf(doctype, name, format=style, language=language)
		texts = (page.extract_text() for page in PdfReader(BytesIO(frappe.response.filecontent)).pages)
		return "".join(unicodedata.normalize("NFKC", "".join(texts)).split())

	return download


@pytest.mark.parametrize(
	("language", "words"),
	[
		("en", ("Questions? Call us:", "Call 120 at once", "Your Next Visit", "We call you")),
		("zh", ("有疑问请致电：", "请立即拨打 120", "您的复诊", "我们会给您打电话")),
	],
)
def test_the_card_tells_whom_to_call_and_when_to_come(discharge, language, words) -> None:
	html = printed(DISCHARGE, discharge.name, CARD, language)
	assert [word for word in words if word not in html] == []
	for fact in ("仁和医院", "骨科", "010-66668888", "010-88886666", "王秀英", "陈医生"):
		assert fact in html, fact
	with print_language(language):
		for day in (add_days(today(), 14), make.tasks_of(discharge.plan)[0].due_date):
			assert formatdate(day, "full") in html
	assert "骨折" not in html and "risk" not in html.lower() and "{{" not in html and "None" not in html


def test_a_card_without_a_plan(discharge) -> None:
	bare = make.discharge(disposition="Hospice")
	html = printed(DISCHARGE, bare.name, CARD)
	assert "None" not in html and "When You Hear From Us" not in html


def test_the_record_draws_the_course_and_says_it(patient) -> None:
	html = printed(PATIENT, patient, COURSE)
	assert html.count("<svg") == 1 and html.count("<circle") == 6 and "<rect" in html
	for words in (
		"Blood Pressure",
		"Target of 收缩压: below 140 mmHg",
		"152 mmHg ⚑ needs attention",
		"红肿",
		"干燥",
	):
		assert words in html, words
	assert "{{" not in html and "None" not in html


def test_a_record_of_nothing_says_so() -> None:
	assert "Nothing yet." in printed(PATIENT, make.patient().name, COURSE)


def test_the_hand_out_carries_advice_in_the_patients_language(discharge) -> None:
	for language, title in (("zh", "在家练习走路"), ("en", "Walking at home")):
		body = f"<p>{title} {{{{ hospital_phone }}}}</p><script>alert(1)</script>"
		facts = {
			"title": title,
			"topic": "Guidance",
			"language": language,
			"status": "Approved",
			"body": body,
		}
		record("Care Content", conditions=[{"code": "S72"}], **facts)
	html = printed(PLAN, discharge.plan, "Follow-up Plan Hand-out")
	assert "在家练习走路 010-88886666" in html
	assert "Walking at home" not in html and "alert(1)</script>" not in html


@pytest.mark.commits
@pytest.mark.parametrize("language", ["en", "zh"])
def test_they_come_out_as_pdf_with_chinese(discharge, patient, pdf, language) -> None:
	card = pdf(DISCHARGE, discharge.name, CARD, language)
	assert "王秀英" in card and {"en": "YourNextVisit", "zh": "您的复诊"}[language] in card
	course = pdf(PATIENT, patient, COURSE, language)
	assert "收缩压" in course and {"en": "RehabilitationRecord", "zh": "康复记录"}[language] in course


class TestDayList:
	def rows(self, **filters) -> list[dict]:
		return run("Follow-up Day List", filters={"date": today(), **filters})["result"]

	def test_it_lists_a_persons_contacts_of_the_day_by_priority(self, as_user) -> None:
		with as_user(SPECIALIST) as user:
			frappe.set_user("Administrator")
			for name, values in {
				"later today": {"priority": 2, "next_attempt_at": f"{today()} 16:30:00"},
				"first": {"priority": 1, "first_contact": 1, "topics": "Condition, Revisit"},
				"tomorrow": {"due_date": add_days(today(), 1)},
				"promised": {"next_attempt_at": f"{add_days(today(), 1)} 09:00:00"},
				"held": {"on_hold": 1},
				"done": {"status": "Completed"},
			}.items():
				patient = make.patient(patient_name=name, mobile="13800138000", preferred_slot="Morning").name
				facts = {"patient": patient, "patient_name": name, "assigned_to": user, "status": "Open"}
				record(TASK, **{"due_date": today(), "channel": "Phone", **facts, **values})
			frappe.set_user(user)
			rows = self.rows(assigned_to=user)
		assert [row["patient_name"] for row in rows] == ["first", "later today"]
		assert (rows[0]["time"], rows[1]["time"]) == ("Morning", "16:30")
		assert rows[0]["number"] == "+8613800138000"
		assert all(word in rows[0]["why"] for word in ("First contact", "Condition", "Revisit"))

	def test_a_contact_of_the_caregiver_gives_the_caregivers_number(self) -> None:
		patient = make.patient(caregiver_name="李强", caregiver_mobile="13900139000").name
		record(TASK, patient=patient, contact_point="Caregiver", due_date=today(), status="Open")
		assert any(row["number"] == "李强 +8613900139000" for row in self.rows())

	def test_another_ward_sees_nothing_of_it(self) -> None:
		ward, other = make.department("Day Surgery"), make.department("Day Medicine")
		record(TASK, patient=make.patient().name, department=ward, due_date=today(), status="Open")
		frappe.set_user(person(SPECIALIST, departments=(other,)))
		assert self.rows(department=ward) == []


@pytest.mark.parametrize(("doctype", "style"), [(TASK, "Follow-up Call Sheet"), (DISCHARGE, CARD)])
def test_they_are_what_the_print_button_offers_first(doctype, style) -> None:
	assert frappe.get_meta(doctype).default_print_format == style
