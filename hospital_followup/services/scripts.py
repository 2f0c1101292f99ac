"""Scripts: which one is read out in a call, and what it says to this patient."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import frappe
from frappe import _

from hospital_followup.services import placeholders, templates

SCRIPT = "Follow-up Script"
#: The parts in the order in which they are said. The identity check stands between the first and the second.
PARTS = ("opening", "inquiry", "guidance", "revisit_reminder", "closing")
EMPTY = re.compile(r"^\s*$")
SPACES = re.compile(r"[ \t]{2,}")
#: A calm pace on the telephone: Chinese characters and English words a minute (English: the pace of a lecture, Tauroza
#: and Allison, Applied Linguistics 1990;11:90; Chinese: below a newsreader's 240).
CHARACTERS_PER_MINUTE, WORDS_PER_MINUTE = 200, 140


def render_script(script: Any, facts: Mapping[str, Any], language: str | None) -> list[dict[str, str]]:
	"""The parts of a script with this patient's facts: `part`, `label`, `html` and `text`; empty parts are left out.

	`script` is a name or a (saved or unsaved) document. A fact that is not known stands as a label in brackets.
	"""
	doc = frappe.get_cached_doc(SCRIPT, script) if isinstance(script, str) else script
	kinds, unknown = placeholders.kinds(), placeholders.unknown_labels(language)
	labels = part_labels()
	parts = []
	for part in PARTS:
		text, html = (
			templates.render(doc.get(part), facts, kinds=kinds, unknown=unknown, html=html)
			for html in (False, True)
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
