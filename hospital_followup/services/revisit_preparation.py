"""What a patient should bring or do before a revisit: the library's text for the condition, as plain words."""

from __future__ import annotations

from html import unescape

import frappe
from frappe.utils import strip_html

from hospital_followup.services.call_context import context_of
from hospital_followup.services.content import choose_content

TOPIC = "Revisit"
BLOCK_ENDS = ("</p>", "</li>", "</h3>", "</h4>", "<br>")


def preparation_of(revisit: frappe._dict) -> str | None:
	"""The most fitting approved text of the topic Revisit in the patient's language; None when the library has none."""
	contact = frappe._dict(
		patient=revisit.patient,
		discharge=revisit.discharge,
		department=revisit.department,
		channel="Phone",
		topics=TOPIC,
	)
	for piece in choose_content(context_of(contact)):
		if piece["topic"] == TOPIC and not piece["other_language"]:
			return plain_text(piece["html"])
	return None


def plain_text(html: str) -> str | None:
	"""The words of a text, one line per paragraph or item."""
	for end in BLOCK_ENDS:
		html = html.replace(end, f"{end}\n")
	lines = (line.strip() for line in unescape(strip_html(html)).splitlines())
	return "\n".join(line for line in lines if line) or None
