"""A programme that waits for the patient's word, offered on the patient's own page; nothing on it says what for."""

from __future__ import annotations

from typing import Any

import frappe
import pytest

from hospital_followup.exceptions import EnrolmentError
from hospital_followup.services import programme_consents, programmes
from hospital_followup.tests import factories
from tests.site.pages import PAGE, as_guest, page
from tests.site.programme_samples import SIGNED, monthly
from tests.site.samples import approved_pathway

ENROLMENT, CONSENT = "Programme Enrolment", "Follow-up Consent"
TITLE = "Hypertension and Diabetes 高血压"


@pytest.fixture(autouse=True)
def _guest(site: Any) -> None:
	factories.standard_policy()
	frappe.cache.delete_keys("followup_page")


@pytest.fixture
def opened() -> tuple[Any, str]:
	return page()


@pytest.fixture
def offered(opened: Any) -> str:
	return programmes.enrol(opened[0].patient, monthly(TITLE, channel="WeChat"))


def state(name: str) -> tuple[str, str | None]:
	return frappe.db.get_value(ENROLMENT, name, ["status", "status_reason"])


@pytest.mark.parametrize(
	("language", "text"),
	[
		("en", "In the coming year we would contact you about 11 times, by: WeChat."),
		("zh", "未来一年我们大约会与您联系 11 次，方式：微信。"),
	],
)
def test_it_says_what_taking_part_means(opened: Any, offered: str, language: str, text: str) -> None:
	shown = as_guest("open_page", opened[1], language=language)
	assert shown["programmes"] == [{"programme": offered, "text": text}]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_it_never_says_what_for(opened: Any, offered: str, language: str) -> None:
	shown = frappe.as_json(as_guest("open_page", opened[1], language=language))
	assert not any(word in shown for word in ("Hypertension", "Diabetes", "高血压", "Monthly", "Guidance"))


def test_one_contact_and_none_in_the_coming_year(opened: Any) -> None:
	patient = opened[0].patient
	once = {"title": "Once", "offset": 1, "offset_unit": "Month", "window_days": 3, "channel": "Phone"}
	later = {**once, "title": "Later", "offset": 24}
	for steps in ([once], [later]):
		programmes.enrol(patient, approved_pathway(anchor="Enrolment", steps=steps))
	texts = {row["text"] for row in as_guest("open_page", opened[1], language="en")["programmes"]}
	assert texts == {
		"In the coming year we would contact you once, by: Phone.",
		"We contact you from time to time, as your health needs it.",
	}


@pytest.mark.parametrize(
	("language", "texts"),
	[
		(
			"en",
			{
				"In the coming year we would contact you once.",
				"In the coming year we would contact you about 11 times.",
			},
		),
		("zh", {"未来一年我们会与您联系 1 次。", "未来一年我们大约会与您联系 11 次。"}),
	],
)
def test_what_no_step_says_is_not_promised(opened: Any, language: str, texts: set[str]) -> None:
	once = {"title": "Once", "offset": 1, "offset_unit": "Month", "window_days": 3, "channel": None}
	programmes.enrol(opened[0].patient, approved_pathway(anchor="Enrolment", steps=[once]))
	programmes.enrol(opened[0].patient, monthly(TITLE, channel=None))
	shown = as_guest("open_page", opened[1], language=language)["programmes"]
	assert {row["text"] for row in shown} == texts


def test_yes_is_consent_with_what_was_read(opened: Any, offered: str) -> None:
	answer = as_guest("answer_programme", opened[1], programme=offered, agrees=True, language="zh")
	assert (answer["takes_part"], answer["programmes"]) == (True, [])
	assert state(offered) == ("Active", None)
	consent = frappe.get_doc(CONSENT, frappe.db.get_value(ENROLMENT, offered, "consent"))
	assert (consent.programme, consent.purpose) == (TITLE, "Clinical")
	assert opened[0].name in consent.evidence and "未来一年" in consent.evidence


def test_no_thanks_is_left_alone(opened: Any, offered: str) -> None:
	answer = as_guest("answer_programme", opened[1], programme=offered, agrees=False)
	assert (answer["takes_part"], answer["programmes"]) == (False, [])
	assert state(offered)[0] == "Left"
	assert not frappe.db.exists(CONSENT, {"patient": opened[0].patient, "programme": ("is", "not set")})


def test_the_second_answer_changes_nothing(opened: Any, offered: str) -> None:
	as_guest("answer_programme", opened[1], programme=offered, agrees=True)
	answer = as_guest("answer_programme", opened[1], programme=offered, agrees=False)
	assert "takes_part" not in answer
	assert state(offered) == ("Active", None)


def test_it_is_offered_after_the_answers_as_well(opened: Any, offered: str) -> None:
	frappe.db.set_value(PAGE, opened[0].name, "status", "Answered")
	shown = as_guest("open_page", opened[1])
	assert shown["state"] == "answered" and len(shown["programmes"]) == 1
	as_guest("answer_programme", opened[1], programme=offered, agrees=True)
	assert state(offered) == ("Active", None)


def test_what_does_not_wait_for_consent_is_not_offered(opened: Any) -> None:
	patient = opened[0].patient
	running = programmes.enrol(patient, monthly("A"), consent=SIGNED)
	paused = programmes.enrol(patient, monthly("B"), consent=SIGNED)
	programmes.pause(paused, "On a journey")
	assert as_guest("open_page", opened[1])["programmes"] == []
	for name in (running, paused):
		as_guest("answer_programme", opened[1], programme=name, agrees=False)
	assert (state(running)[0], state(paused)[0]) == ("Active", "Paused")


def test_another_patients_programme_is_not_answered(opened: Any) -> None:
	other = programmes.enrol(factories.patient().name, monthly())
	answer = as_guest("answer_programme", opened[1], programme=other, agrees=True)
	assert "takes_part" not in answer and answer["state"] == "open"
	assert state(other) == ("Paused", "awaiting_consent")


@pytest.mark.parametrize("which", ["forged", "expired", "malformed"])
def test_nothing_but_the_token_answers(opened: Any, offered: str, which: str) -> None:
	doc, token = opened
	if which == "expired":
		frappe.db.set_value(PAGE, doc.name, "expires_at", "2020-01-01 00:00:00")
	wrong = {"expired": token, "forged": token[:-4] + "AAAA", "malformed": "' or 1=1 --"}[which]
	answer = as_guest("answer_programme", wrong, programme=offered, agrees=True)
	assert answer["state"] == "gone" and "programmes" not in answer
	assert state(offered) == ("Paused", "awaiting_consent")


def test_who_wanted_no_contact_before_is_not_asked(opened: Any) -> None:
	as_guest("stop_contact", opened[1])
	waiting = programmes.enrol(opened[0].patient, monthly())
	assert as_guest("open_page", opened[1])["programmes"] == []
	as_guest("answer_programme", opened[1], programme=waiting, agrees=True)
	assert state(waiting) == ("Paused", "awaiting_consent")


def test_who_wants_no_contact_is_asked_nothing_any_more(opened: Any, offered: str) -> None:
	as_guest("stop_contact", opened[1])
	assert as_guest("open_page", opened[1])["programmes"] == []


def test_what_is_refused_for_the_staff_is_not_told_to_a_guest(
	opened: Any, offered: str, monkeypatch: pytest.MonkeyPatch
) -> None:
	def refuse(*_words: Any, **_more: Any) -> None:
		frappe.msgprint("Wang Xiuying is in Diabetes.")
		frappe.throw("Wang Xiuying is enrolled in Diabetes already.", EnrolmentError)

	monkeypatch.setattr(programme_consents, "give", refuse)
	with pytest.raises(frappe.ValidationError) as refused:
		as_guest("answer_programme", opened[1], programme=offered, agrees=True, language="en")
	assert type(refused.value) is frappe.ValidationError
	told = f"{refused.value} {frappe.message_log}"
	assert "That did not work." in told and "Diabetes" not in told
