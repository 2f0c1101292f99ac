"""The library of advice: what fits this patient and contact, as clean HTML, and what the patient already got."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cstr, escape_html
from frappe.utils.html_utils import sanitize_html

from hospital_followup.engine.names import TOPICS
from hospital_followup.engine.relevance import Offer, rank
from hospital_followup.exceptions import InvalidValueError
from hospital_followup.services import queries
from hospital_followup.services.questionnaires import APPROVED, wanted_of
from hospital_followup.services.typed_text import place_of

if TYPE_CHECKING:
	from hospital_followup.services.call_context import CallContext

CONTENT = "Care Content"
CONDITION = "Care Content Condition"
#: What may stand in a text for the hospital's own figures; anything else stays as it is written.
SETTINGS_WORDS = ("emergency_number", "hospital_phone", "hospital_name")
WORD = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
FIELDS = (
	*("name", "title", "topic", "language", "set_code", "audience", "body", "source_note", "approved_on"),
	"attachment",
)


def choose_content(
	context: CallContext, given: Mapping[str, date | str] | None = None
) -> list[dict[str, Any]]:
	"""The approved advice for this contact: the topics that are due first, in each the most specific first.

	`given` says when the patient got which content; the same advice in another language counts as given.
	"""
	rows = frappe.get_all(CONTENT, filters={"status": APPROVED}, fields=list(FIELDS), order_by="title, name")
	conditions = queries.children(CONDITION, ("code", "condition"), [row.name for row in rows])
	by_name = {row.name: row for row in rows}
	offers = [_offer(row, conditions.get(row.name, ())) for row in rows]
	chosen = _one_per_set(
		[by_name[offer.name] for offer in rank(offers, wanted_of(context))], context.language
	)
	chosen.sort(key=lambda row: (row.topic not in context.topics, TOPICS.index(row.topic)))
	got = _given_sets(by_name, given or {})
	return [
		{
			"name": row.name,
			"title": row.title,
			"topic": row.topic,
			"language": row.language,
			"other_language": row.language != context.language,
			"html": clean_html(row.body),
			"attachment": row.attachment,
			"source_note": row.source_note,
			"given_on": got.get(row.set_code or row.name),
			"general": not (row.audience or conditions.get(row.name)),
		}
		for row in chosen
	]


def clean_html(body: str | None) -> str:
	"""A text of the library with the hospital's figures filled in and nothing in it that could run."""
	known = hospital_words()
	filled = WORD.sub(lambda match: escape_html(known.get(match[1], match[0])), cstr(body))
	return sanitize_html(filled, always_sanitize=True)


def hospital_words() -> dict[str, str]:
	"""What may stand in a text between double braces, with the hospital's own figures; none is ever empty."""
	settings = frappe.get_cached_doc("Follow-up Settings")
	return {
		word: cstr(settings.get(word)) or f"[{_(settings.meta.get_label(word))}]" for word in SETTINGS_WORDS
	}


def check_words(doc: Document) -> None:
	"""Refuse a text that asks for something the settings do not have: the patient would read the braces."""
	unknown = [word for word in WORD.findall(cstr(doc.body)) if word not in SETTINGS_WORDS]
	if unknown:
		frappe.throw(
			_("{0}: {1} cannot be filled in. Use one of {2}, or write the words themselves.").format(
				place_of(doc, "body"),
				frappe.bold(f"{{{{ {escape_html(unknown[0])} }}}}"),
				", ".join(f"{{{{ {word} }}}}" for word in SETTINGS_WORDS),
			),
			InvalidValueError,
			title=_("Unknown Placeholder"),
		)


def _offer(row: Any, conditions: Any) -> Offer:
	terms = [term for condition in conditions for term in (condition.code, condition.condition) if term]
	return Offer(
		row.name,
		"\n".join(terms),
		cstr(row.audience),
		language=cstr(row.language),
		approved_on=cstr(row.approved_on),
	)


def _one_per_set(rows: list[Any], language: str) -> list[Any]:
	"""Each advice once: in the patient's language, in another one only where the set has none in it."""
	best: dict[str, Any] = {}
	for row in rows:
		key = row.set_code or row.name
		if key not in best or (row.language == language and best[key].language != language):
			best[key] = row
	chosen = {row.name for row in best.values()}
	return [row for row in rows if row.name in chosen]


def _given_sets(rows: Mapping[str, Any], given: Mapping[str, date | str]) -> dict[str, date | str]:
	found: dict[str, date | str] = {}
	for name, day in given.items():
		key = rows[name].set_code or name if name in rows else name
		found[key] = max(found.get(key, day), day, key=str)
	return found
