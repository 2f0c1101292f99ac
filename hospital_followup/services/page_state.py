"""What the patient's page shows: plain values and finished sentences in the patient's language.

It names the hospital and masks the patient's name; it never says a diagnosis, a department or a doctor, because links
are opened on other people's telephones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import frappe
from frappe import _

from hospital_followup.services import page_answers, page_calls, page_programmes, questionnaires
from hospital_followup.services.masked_name import masked_name
from hospital_followup.services.questionnaires import in_language
from hospital_followup.services.spoken import base_language

if TYPE_CHECKING:
	from hospital_followup.hospital_followup.doctype.follow_up_survey.follow_up_survey import FollowupSurvey

#: What the page can be read in, and how each calls itself.
LANGUAGES = {"zh": "中文", "en": "English"}
GONE = "gone"


def language_of(page: FollowupSurvey | None, wanted: object) -> str:
	"""`wanted` when the page exists in it, else the patient's own."""
	if isinstance(wanted, str) and base_language(wanted) in LANGUAGES and wanted in LANGUAGES:
		return wanted
	settings = frappe.get_cached_doc("Follow-up Settings")
	own = page.language if page else settings.default_language
	return base_language(own or frappe.get_system_settings("language"))


def closed(language: str) -> dict[str, Any]:
	"""The answer to a token that opens nothing, whatever the reason: wrong, expired, or nobody's."""
	return {"state": GONE, **_frame(language)}


def shown(page: FollowupSurvey, language: str) -> dict[str, Any]:
	"""Everything the page draws."""
	answered = page.status == "Answered"
	name = frappe.db.get_value("Follow-up Patient", page.patient, "patient_name")
	questionnaire = page.questionnaire and in_language(page.questionnaire, language)
	return {
		"state": "answered" if answered else "open",
		**_frame(language),
		"greeting": _("Hello {0}", language).format(masked_name(name)),
		"questions": questionnaires.sheet(questionnaire)["questions"]
		if questionnaire and not answered
		else [],
		"asks_satisfaction": bool(page.asks_satisfaction) and not answered,
		"answers": {} if answered else page_answers.given(page),
		"satisfaction": page.satisfaction or None,
		"recommend": page.recommend or None,
		"comment": "" if answered else page.comment or "",
		"complaint": bool(page.complaint) and not answered,
		"visible": [] if answered else list(page_answers.evaluation_of(page).visible),
		"sequence": page.last_sequence or 0,
		"call": page_calls.calls_until(page, language) if page.wants_call else None,
		"programmes": page_programmes.offers(page, language),
	}


def progress(page: FollowupSurvey) -> dict[str, Any]:
	"""What changes while the patient answers."""
	result = page_answers.evaluation_of(page)
	return {"visible": list(result.visible), "missing": list(result.missing)}


def _frame(language: str) -> dict[str, Any]:
	settings = frappe.get_cached_doc("Follow-up Settings")
	hospital = settings.hospital_name or _("Our Hospital", language)
	return {
		"language": language,
		"languages": LANGUAGES,
		"hospital": hospital,
		"phone": settings.hospital_phone or None,
		"emergency": settings.emergency_number or None,
		"words": _words(language, settings.emergency_number or ""),
	}


def _words(language: str, emergency: str) -> dict[str, str]:
	"""Every sentence of the page."""
	return {
		"title": _("Your Follow-up", language),
		"intro": _("A few questions about how you are. It takes about a minute.", language),
		"private": _("Your answers go to your care team only.", language),
		"yes": _("Yes", language),
		"no": _("No", language),
		"optional": _("optional", language),
		"saved": _("Saved", language),
		"saving": _("Saving…", language),
		"offline": _("Not saved yet. Please keep this page open; we try again.", language),
		"satisfaction": _("How satisfied are you with our care?", language),
		"satisfaction_low": _("very dissatisfied", language),
		"satisfaction_high": _("very satisfied", language),
		"recommend": _("How likely are you to recommend us to family or friends?", language),
		"recommend_low": _("not at all", language),
		"recommend_high": _("very likely", language),
		"comment": _("Is there anything you would like to tell us?", language),
		"complaint": _("This is a complaint. Please look into it.", language),
		"send": _("Send", language),
		"send_anyway": _("Send without these answers", language),
		"answer": _("Please answer this question.", language),
		"missing": _("Please answer the marked questions too.", language),
		"thanks": _("Thank you. Your answers have arrived.", language),
		"thanks_more": _("If anything worries you, call us. You can also ask for a call here.", language),
		"unwell": _("I feel unwell, please call me", language),
		"unwell_sure": _("Shall we call you?", language),
		"unwell_yes": _("Yes, please call me", language),
		"cancel": _("Cancel", language),
		"emergency": _("In an emergency call {0} at once.", language).format(emergency),
		"phone": _("Call the hospital: {0}", language),
		"programme": _("Would you like us to look after your health for longer?", language),
		"programme_free": _(
			"You decide. You can stop at any time, and your treatment does not depend on it. If you would first like to know more, call us.",
			language,
		),
		"programme_yes": _("Yes, I would like that", language),
		"programme_no": _("No, thanks", language),
		"programme_agreed": _("Thank you. We will be in touch.", language),
		"programme_declined": _("We have noted it. We will not ask again.", language),
		"stop": _("I do not want to be contacted any more", language),
		"stop_sure": _("We will stop all messages and follow-up calls to you.", language),
		"stop_yes": _("Yes, stop", language),
		"stopped": _(
			"We have noted it. You will not be contacted any more. You can change your mind at any time: just call us.",
			language,
		),
		"gone": _("This link is not valid any more.", language),
		"gone_more": _("If you would like to tell us something, please call us.", language),
		"error": _("That did not work. Please try again in a moment.", language),
		"too_many": _("Too many requests. Please try again in some minutes.", language),
	}
