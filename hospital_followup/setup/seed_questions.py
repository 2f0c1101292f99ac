"""The questionnaires and the advice a hospital starts with, in every language that the app ships.

On a site that has none they begin as approved, so that the first call has something to ask, but nobody has signed them
off yet: their source says so, and they are to be looked at again within half a year. Beside what a hospital has already,
what is missing (deleted, or new with a later release) comes as a draft and waits for a doctor. Each is known by its set
code and language; a hospital that changes, renames or retires one keeps its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import frappe
from frappe.utils import add_months, today

from hospital_followup.setup.content import FOLDER, shipped

QUESTIONNAIRE = "Follow-up Questionnaire"
CONTENT = "Care Content"
LANGUAGES = ("en", "zh")
REVIEW_MONTHS = 6
#: Part of each source note, in the language of the text.
TO_SIGN_OFF = {
	"en": "Starting content that came with the app: to be signed off by a doctor of the hospital.",
	"zh": "随系统提供的初始内容：请由本院医生审核签字。",
}


def seed_questions() -> None:
	"""Insert every questionnaire and every piece of advice that this site does not have in its language."""
	status = {
		doctype: "Draft" if frappe.db.count(doctype) else "Approved" for doctype in (QUESTIONNAIRE, CONTENT)
	}
	for name in shipped_names("questionnaires"):
		outline = shipped(f"questionnaires/{name}")
		for language in _languages():
			_insert(QUESTIONNAIRE, questionnaire(outline, language), status[QUESTIONNAIRE])
	for name in shipped_names("content"):
		outline = shipped(f"content/{name}")
		for language in _languages():
			for advice in contents(outline, language):
				_insert(CONTENT, advice, status[CONTENT])


def shipped_names(folder: str) -> list[str]:
	"""The names of the files of a folder of the seed."""
	return sorted(path.stem for path in (FOLDER / folder).glob("*.json"))


def questionnaire(outline: dict[str, Any], language: str) -> dict[str, Any]:
	"""One shipped questionnaire as a document; only the wording depends on the language."""
	return {
		**{
			field: outline[field]
			for field in ("set_code", "purpose", "audience", "condition")
			if field in outline
		},
		"title": outline["title"][language],
		"language": language,
		"source_note": _source(outline, language),
		"questions": [_question(question, language) for question in outline["questions"]],
		"scores": [{**score, "title": score["title"][language]} for score in outline.get("scores", ())],
	}


def contents(outline: dict[str, Any], language: str) -> Iterator[dict[str, Any]]:
	"""The shipped advice of one file, a document for each topic."""
	for advice in outline["contents"]:
		yield {
			"set_code": f"{outline['set_code']}-{advice['topic'].lower()}",
			"title": advice["title"][language],
			"topic": advice["topic"],
			"language": language,
			"audience": outline.get("audience"),
			"conditions": outline.get("conditions", []),
			"body": advice["body"][language],
			"source_note": _source(outline, language),
		}


def _question(question: dict[str, Any], language: str) -> dict[str, Any]:
	row = dict(question)
	for field in ("text", "hint", "unit"):
		if isinstance(question.get(field), dict):
			row[field] = question[field][language]
	if "choices" in question:
		lines = (f"{choice['value']} | {choice['label'][language]}" for choice in question["choices"])
		row["choices"] = "\n".join(lines)
	return row


def _source(outline: dict[str, Any], language: str) -> str:
	return f"{outline['source_note'][language]}\n{TO_SIGN_OFF[language]}"


def _languages() -> list[str]:
	return [language for language in LANGUAGES if frappe.db.exists("Language", language)]


def _insert(doctype: str, values: dict[str, Any], status: str) -> None:
	known = {"set_code": values["set_code"], "language": values["language"]}
	if frappe.db.exists(doctype, known):
		return
	doc = frappe.get_doc({"doctype": doctype, **values, "status": "Draft"})
	if doctype == CONTENT:  # named by hash, else; a name that is the same everywhere can be spoken of
		doc.insert(set_name=f"{values['set_code']}-{values['language']}")
	else:
		doc.insert()
	# Written past the form: nobody is there to sign off and approve.
	doc.db_set({"status": status, "review_by": add_months(today(), REVIEW_MONTHS)})
