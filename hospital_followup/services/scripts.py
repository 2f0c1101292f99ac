"""Scripts: which one is read out in a call, and what it says to this patient."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import frappe
from frappe import _

from hospital_followup.engine.relevance import CHILD, rank
from hospital_followup.services import placeholders, templates
from hospital_followup.services.questionnaires import OFFER_FIELDS, offer_of, wanted_of

if TYPE_CHECKING:
	from hospital_followup.services.call_context import CallContext

SCRIPT = "Follow-up Script"
#: The parts in the order in which they are said. The identity check stands between the first and the second.
PARTS = ("opening", "inquiry", "guidance", "revisit_reminder", "closing")
EMPTY = re.compile(r"^\s*$")
SPACES = re.compile(r"[ \t]{2,}")
#: A calm pace on the telephone: Chinese characters and English words a minute (English: the pace of a lecture, Tauroza
#: and Allison, Applied Linguistics 1990;11:90; Chinese: below a newsreader's 240).
CHARACTERS_PER_MINUTE, WORDS_PER_MINUTE = 200, 140


def choose_script(context: CallContext) -> str | None:
	"""The approved script for a contact: the one its task names, else the most specific that fits; None without any.

	Where nothing is approved in the language of the call, the hospital's default language decides, then any other.
	"""
	linked = _linked(context)
	if linked:
		return linked
	rows = frappe.get_all(
		SCRIPT,
		filters={"status": "Approved", "purpose": context.purpose},
		fields=list(OFFER_FIELDS),
		order_by="name",
	)
	offers = [offer_of(row) for row in rows]
	settings = frappe.get_cached_doc("Follow-up Settings")
	language = context.language
	if language not in {offer.language for offer in offers}:
		language = settings.default_language or frappe.get_system_settings("language") or language
	fitting = rank(offers, wanted_of(replace(context, language=language)))
	# Whatever the disease, for a child the guardian is spoken to (clinical.md §5).
	fitting.sort(key=lambda offer: offer.audience != CHILD)
	return fitting[0].name if fitting else None


def script_sheet(
	name: str, *, brief: Mapping[str, Any], task: Mapping[str, Any], language: str
) -> dict[str, Any]:
	"""What the call sheet shows of a script: name, title, version, language, and its parts with the patient's facts.

	`other_language` warns that the script is not in `language`, the one of the call; facts are said in the script's own.
	"""
	script = frappe.get_cached_doc(SCRIPT, name)
	settings = frappe.get_cached_doc("Follow-up Settings")
	facts = placeholders.facts_of(brief, task=task, settings=settings, language=script.language)
	return {
		"name": script.name,
		"title": script.title,
		"version": script.version,
		"language": script.language,
		"other_language": _tongue(script.language) != _tongue(language),
		"parts": render_script(script, facts, script.language),
	}


def render_script(script: Any, facts: Mapping[str, Any], language: str | None) -> list[dict[str, str]]:
	"""The parts of a script with this patient's facts: `part`, `label`, `html` and `text`; empty parts are left out.

	`script` is a name or a (saved or unsaved) document. A fact that is not known stands as a label in brackets. A part
	that would not be saved today (approved by an earlier release, written past the form) says so instead of its words.
	"""
	doc = frappe.get_cached_doc(SCRIPT, script) if isinstance(script, str) else script
	kinds, unknown = placeholders.kinds(), placeholders.unknown_labels(language)
	labels = part_labels()
	parts = []
	for part in PARTS:
		try:
			text, html = (
				templates.render(doc.get(part), facts, kinds=kinds, unknown=unknown, html=html)
				for html in (False, True)
			)
		except ValueError:
			text = html = _(
				"This part of the script cannot be shown: it asks for something that cannot be filled in. Say it in "
				"your own words, and tell whoever looks after the scripts."
			)
		if not EMPTY.match(text):
			parts.append(
				{
					"part": part,
					"label": labels[part],
					"html": "".join(f"<p>{line}</p>" for line in _lines(html)),
					"text": "\n".join(_lines(text)),
				}
			)
	return parts


def reading_seconds(text: str) -> int:
	"""About how long it takes to read a text aloud at a calm pace."""
	characters = len(re.findall(r"[\u3400-\u9fff]", text))
	words = len(re.findall(r"[A-Za-z0-9][\w'’-]*", text))
	return round(characters * 60 / CHARACTERS_PER_MINUTE + words * 60 / WORDS_PER_MINUTE)


def part_labels() -> dict[str, str]:
	"""What the parts are called, in the language of the session."""
	return {
		"opening": _("Opening"),
		"inquiry": _("Inquiry"),
		"guidance": _("Guidance"),
		"revisit_reminder": _("Revisit Reminder"),
		"closing": _("Closing"),
	}


def _lines(text: str) -> list[str]:
	"""One paragraph per line; a line of which a condition left nothing is no paragraph."""
	return [SPACES.sub(" ", line).strip() for line in text.splitlines() if not EMPTY.match(line)]


def _linked(context: CallContext) -> str | None:
	"""The approved version of the script that the task names, in the language of the call where there is one."""
	if not context.task_script:
		return None
	named = frappe.db.get_value(
		SCRIPT, context.task_script, ["title", "language", "set_code", "status"], as_dict=True
	)
	if not named:
		return None
	same = {"title": named.title, "language": named.language}
	current = context.task_script if named.status == "Approved" else _latest(same)
	if current and named.set_code and _tongue(named.language) != _tongue(context.language):
		return _latest({"set_code": named.set_code, "language": context.language}) or current
	return current


def _latest(filters: dict[str, str]) -> str | None:
	filters = {**filters, "status": "Approved"}
	return frappe.db.get_value(SCRIPT, filters, "name", order_by="version desc, name")


def _tongue(language: str | None) -> str:
	"""The language without its region: Chinese of Taiwan and of the mainland can be read out by the same person."""
	return (language or "").lower().partition("-")[0]
