"""What may stand between double braces in a message, and what never may, depending on where the message is read.

A text message and a notification show themselves on a locked telephone, an email its subject in every list: there
nothing stands that tells an illness.
"""

from __future__ import annotations

from dataclasses import dataclass

from frappe import _

from hospital_followup.services import spoken

TEXT, FLAG = "text", "flag"
#: What the link to the patient's page is in a stored text; the address itself is filled in when the message is sent.
LINK, LINK_TOKEN = "⟨link⟩", "⟨link_token⟩"
#: Channels whose text only the patient opens.
CLOSED_CHANNELS = frozenset({"WeChat", "Email"})


@dataclass(frozen=True, slots=True)
class Placeholder:
	"""One value: its name, where it may stand, and an example in English and Chinese.

	`place`: `anywhere`, `body` (not in a subject line), `closed` (only in the body of a message that shows nothing of
	itself before it is opened). `fixed`: the same in every message of a hospital, so that a provider's template may have
	it as plain text.
	"""

	name: str
	place: str
	en: str
	zh: str
	fixed: bool = False


PLACEHOLDERS: tuple[Placeholder, ...] = (
	Placeholder("salutation", "anywhere", "Ms Wang Xiuying", "王女士"),
	Placeholder("patient_name", "anywhere", "Wang Xiuying", "王秀英"),
	Placeholder("hospital_name", "anywhere", "Renai Hospital", "仁爱医院", fixed=True),
	Placeholder("hospital_phone", "anywhere", "010-5555 0123", "010-5555 0123", fixed=True),
	Placeholder("emergency_number", "anywhere", "120", "120", fixed=True),
	Placeholder("department", "body", "Orthopaedics", "骨科"),
	Placeholder("doctor", "body", "Dr Zhao", "赵医生"),
	Placeholder("due_date", "anywhere", "Tuesday 10 November", "11月10日星期二"),
	Placeholder("revisit_date", "anywhere", "Tuesday 24 November", "11月24日星期二"),
	Placeholder("preparation", "closed", "Bring your X-rays and the list of your medicines.", "请带上X光片和正在服用的药物清单。"),
	Placeholder("call_by", "anywhere", "Tuesday 10 November, 17:00", "11月10日星期二17:00"),
	Placeholder("content_title", "closed", "Wound, pain and getting up", "伤口、止痛与下床活动"),
	Placeholder("content_text", "closed", "Keep the wound clean and dry until the stitches are out.", "伤口拆线前请保持清洁干燥。"),
	Placeholder("link", "body", LINK, LINK),
	Placeholder("link_token", "body", LINK_TOKEN, LINK_TOKEN),
	Placeholder("stop_hint", "body", "", ""),
)  # fmt: skip


def meanings() -> dict[str, str]:
	"""What each placeholder stands for, in the language of the session."""
	return {
		"salutation": _("Polite form of address; of a child the parents are addressed"),
		"patient_name": _("Patient's name"),
		"hospital_name": _("Hospital's name"),
		"hospital_phone": _("Telephone of the department or hospital"),
		"emergency_number": _("Emergency number"),
		"department": _("Department"),
		"doctor": _("Attending doctor"),
		"due_date": _("Day of the contact"),
		"revisit_date": _("Revisit date"),
		"preparation": _("How to prepare for the revisit"),
		"call_by": _("About when we call"),
		"content_title": _("Title of the advice from the library"),
		"content_text": _("The advice from the library"),
		"link": _("Address of the patient's own page"),
		"link_token": _(
			"Last part of that address, where the provider's template has its beginning as fixed text"
		),
		"stop_hint": _("How to stop these messages on this channel"),
	}


def kinds(channel: str, *, subject: bool = False) -> dict[str, str]:
	"""The placeholders that may stand in a message of `channel`, or in its subject line, with their kind."""
	places = {"anywhere"} if subject else {"anywhere", "body"}
	if not subject and channel in CLOSED_CHANNELS:
		places.add("closed")
	return {item.name: TEXT for item in PLACEHOLDERS if item.place in places}


def samples(language: str | None) -> dict[str, str]:
	"""The values of a made-up patient, for looking at a text while it is written."""
	chinese = spoken.base_language(language) == "zh"
	return {item.name: item.zh if chinese else item.en for item in PLACEHOLDERS}


def stop_hint(channel: str, language: str, *, link: bool, phone: str | None) -> str:
	"""How the patient ends these messages, as one short sentence: by an answer where the channel takes one."""
	if channel == "SMS":
		return _("Reply STOP to opt out", language)
	if channel == "WeChat":
		return _("Reply STOP and we will not write here again.", language)
	if link:
		return _(
			"If you want no more messages, open the page and choose “I do not want to be contacted any more”.",
			language,
		)
	if phone:
		return _("If you want no more messages, call {0} and tell us.", language).format(phone)
	return _("If you want no more messages, tell your ward or clinic.", language)
