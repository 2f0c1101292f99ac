"""Consent on the form of a patient and on paper: what stands, a word more, a word back, and by whom."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from contextlib import AbstractContextManager
from io import BytesIO

import frappe
import pytest
from frappe.translate import print_language
from frappe.utils import add_days, today
from frappe.utils.print_format import download_pdf
from frappe.www.printview import get_html_and_style
from pypdf import PdfReader

from hospital_followup import consent_api
from hospital_followup.exceptions import InvalidValueError
from hospital_followup.services import consents, purpose_text
from hospital_followup.tests import factories as make
from tests.site.rights import SP, department, person
from tests.stack.browser import SCREENSHOTS
from tests.stack.services import Web

As = Callable[..., AbstractContextManager[str]]
PATIENT, DISCHARGE = "Follow-up Patient", "Patient Discharge"
SHEETS = {PATIENT: "Consent and Purpose", DISCHARGE: "Consent and Purpose at Discharge"}


class TestDesk:
	def test_shows_what_stands_and_who_recorded_it(self, as_user: As) -> None:
		patient = make.patient().name
		with as_user(SP) as user:
			consent_api.give_consent(patient, "Clinical", "All", "On the Telephone")
			found = consent_api.withdraw_consent(patient, "Clinical", "SMS")
		clinical = found["standing"]["Clinical"]
		assert (clinical["SMS"], clinical["WeChat"], found["standing"]["Survey"]["SMS"]) == ("No", "Yes", "")
		newest, oldest = found["words"]
		assert (newest["agreed"], newest["channel"], oldest["agreed"], oldest["channel"]) == (
			False,
			"SMS",
			True,
			"All",
		)
		name = frappe.utils.get_fullname(user)
		assert newest["by"] == name
		assert oldest["evidence"] == f"On the Telephone; recorded by {name}."

	def test_everything_is_withdrawn_with_one_call(self) -> None:
		patient = make.patient().name
		found = consent_api.withdraw_consent(patient)
		assert all(word == "No" for said in found["standing"].values() for word in said.values())
		assert len(found["words"]) == 4
		assert len(consent_api.withdraw_consent(patient)["words"]) == 4

	def test_the_patients_own_word_has_no_recorder(self) -> None:
		patient = make.patient().name
		frappe.set_user("Guest")
		consents.withdraw(patient, evidence="On the own page")
		frappe.set_user("Administrator")
		assert [word["by"] for word in consent_api.patient_consents(patient)["words"]] == [None, None, None]

	@pytest.mark.parametrize(
		("purpose", "channel", "way"),
		[("Marketing", "SMS", "In Person"), ("Clinical", "Fax", "In Person"), ("Clinical", "SMS", "Somehow")],
	)
	def test_nonsense_is_refused(self, purpose: str, channel: str, way: str) -> None:
		patient = make.patient().name
		with pytest.raises(InvalidValueError):
			consent_api.give_consent(patient, purpose, channel, way)
		assert consent_api.patient_consents(patient)["words"] == []

	def test_is_for_those_who_may_see_the_patient(self, as_user: As) -> None:
		inside, outside = department("Inside"), department("Outside")
		patient = make.patient(department=inside).name
		with as_user(email=person(SP, departments=(outside,))):
			for work in (
				lambda: consent_api.patient_consents(patient),
				lambda: consent_api.withdraw_consent(patient),
				lambda: consent_api.give_consent(patient, "Clinical", "SMS", "In Person"),
			):
				with pytest.raises(frappe.PermissionError):
					work()


def sheet(doctype: str, name: str, language: str) -> str:
	with print_language(language):
		html = get_html_and_style(doctype, name, print_format=SHEETS[doctype])["html"]
	return html.split("</style>")[-1]


class TestPaper:
	@pytest.mark.parametrize("language", ["en", "zh"])
	@pytest.mark.parametrize("doctype", [PATIENT, DISCHARGE])
	def test_says_the_purposes_one_by_one_and_how_to_take_back(
		self, doctype: str, language: str, as_user: As
	) -> None:
		patient = make.patient(patient_name="王<b>英", language="zh").name
		name = (
			patient
			if doctype == PATIENT
			else make.discharge(patient, diagnoses=[{"title": "股骨颈骨折"}]).name
		)
		with as_user(SP):
			html = sheet(doctype, name, language)
		plain = frappe.utils.strip_html(html)
		for text in (
			*purpose_text.paragraphs(language, first_visit=doctype == PATIENT),
			*purpose_text.explained(language).values(),
			purpose_text.ways_out(language),
		):
			assert text in plain
		assert html.count("☐") == 4 * 6 * 2
		assert "王&lt;b&gt;英" in html
		assert "骨折" not in html and "None" not in html and "{{" not in html

	def test_ticks_what_was_said(self) -> None:
		patient = make.patient().name
		consents.give(patient, "All", ["Clinical"], evidence="signed form")
		consents.withdraw(patient, "SMS", ["Clinical"], evidence="reply")
		assert sheet(PATIENT, patient, "en").count("☑") == 6

	def test_for_a_child_the_guardian_signs(self) -> None:
		child = make.patient(date_of_birth=add_days(today(), -2000)).name
		assert "Signature of the guardian" in sheet(PATIENT, child, "en")
		assert "Signature of the patient" in sheet(PATIENT, make.patient().name, "en")

	@pytest.mark.parametrize("language", ["en", "zh"])
	@pytest.mark.parametrize("doctype", [PATIENT, DISCHARGE])
	def test_is_one_page_of_paper(
		self, doctype: str, language: str, web: Web, monkeypatch: pytest.MonkeyPatch, as_user: As
	) -> None:
		monkeypatch.setitem(frappe.local.conf, "host_name", web.url)
		for field, value in (("hospital_name", "仁爱医院"), ("hospital_phone", "010-5555 0123")):
			frappe.db.set_single_value("Follow-up Settings", field, value)
		patient = make.patient(patient_name="王秀英", language="zh").name
		consents.give(patient, "All", ["Clinical"], evidence="signed form")
		name = patient if doctype == PATIENT else make.discharge(patient).name
		with as_user(SP):
			download_pdf(doctype, name, format=SHEETS[doctype], language=language)
		content = frappe.response.filecontent
		(page,) = PdfReader(BytesIO(content)).pages
		said = "".join(unicodedata.normalize("NFKC", page.extract_text()).split())
		assert "王秀英" in said and "仁爱医院" in said
		assert "☑" in said
		SCREENSHOTS.mkdir(parents=True, exist_ok=True)
		(SCREENSHOTS / f"{frappe.scrub(SHEETS[doctype])}-{language}.pdf").write_bytes(content)
