"""Facts that are typed as text because Frappe stores an empty number as 0, and lists typed with commas."""

from __future__ import annotations

import re
import unicodedata
from datetime import time

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cstr, flt

from hospital_followup.engine.names import TOPICS
from hospital_followup.exceptions import InvalidValueError

# 9:00, 09:00 and, as REST clients write it, 09:00:00.
TIME_OF_DAY = re.compile(r"(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)(:00)?")


def read_number(doc: Document, fieldname: str, *, whole: bool = False) -> float | None:
	"""Read and tidy a numeric text field; full-width digits count. None when empty.

	Raises InvalidValueError, naming the field and the row, for anything that is not a number.
	"""
	text = unicodedata.normalize("NFKC", cstr(doc.get(fieldname))).strip()
	doc.set(fieldname, text or None)
	if not text:
		return None
	try:
		number = int(text) if whole else float(text)
	except ValueError:
		number = float("nan")
	if number != number or number in (float("inf"), float("-inf")):
		expected = _("a whole number such as 18") if whole else _("a number such as 37.5")
		frappe.throw(
			_("{0}: {1} is not a number. Enter {2}, or leave it empty.").format(
				place_of(doc, fieldname), frappe.bold(text), expected
			),
			InvalidValueError,
			title=_("Number Expected"),
		)
	return flt(number)


def read_ages(doc: Document) -> tuple[float | None, float | None]:
	"""Read and tidy `age_from` and `age_to`. Raises InvalidValueError when no age lies between them."""
	youngest, oldest = (read_number(doc, field, whole=True) for field in ("age_from", "age_to"))
	if youngest is not None and oldest is not None and youngest > oldest:
		frappe.throw(
			_("Age from {0} to {1} fits nobody. Exchange the two ages.").format(doc.age_from, doc.age_to),
			InvalidValueError,
			title=_("Age Range"),
		)
	return youngest, oldest


def read_time(doc: Document, fieldname: str) -> time | None:
	"""Read and tidy a time of day typed as 9:00 or 09:00; None when empty.

	Text and no Time field, because Frappe fills every Time field of a new document with the current time and
	so hides the default. Raises InvalidValueError for anything else.
	"""
	text = unicodedata.normalize("NFKC", str(doc.get(fieldname) or "")).strip()
	if not text:
		return None
	match = TIME_OF_DAY.fullmatch(text)
	if not match:
		frappe.throw(
			_("{0}: {1} is not a time of day. Enter hours and minutes, for example 09:30.").format(
				place_of(doc, fieldname), frappe.bold(text)
			),
			InvalidValueError,
			title=_("Time Expected"),
		)
	found = time(int(match["hour"]), int(match["minute"]))
	doc.set(fieldname, f"{found:%H:%M}")
	return found


def read_topics(doc: Document, fieldname: str = "topics") -> list[str]:
	"""Read and tidy a list of topics; names in the reader's language and Chinese commas are understood."""
	known = {name.casefold(): topic for topic in TOPICS for name in (topic, _(topic))}
	given = unicodedata.normalize("NFKC", doc.get(fieldname) or "").replace("、", ",").split(",")
	topics: list[str] = []
	for word in filter(None, (word.strip() for word in given)):
		if word.casefold() not in known:
			frappe.throw(
				_("{0}: {1} is not a topic. Choose from {2}.").format(
					place_of(doc, fieldname), frappe.bold(word), ", ".join(TOPICS)
				),
				InvalidValueError,
				title=_("Unknown Topic"),
			)
		topics.append(known[word.casefold()])
	topics = [topic for topic in TOPICS if topic in topics]
	doc.set(fieldname, ", ".join(topics))
	return topics


def require_one_of(row: Document, *fieldnames: str) -> None:
	"""Refuse a row of a table in which none of the fields is filled."""
	if not any((row.get(fieldname) or "").strip() for fieldname in fieldnames):
		frappe.throw(
			_("{0} is empty. Enter a code or a name, or remove the row.").format(
				place_of(row, fieldnames[0])
			),
			InvalidValueError,
			title=_("Empty Row"),
		)


def place_of(doc: Document, fieldname: str) -> str:
	"""Where a field is, as the reader sees it: its label, with the row in a table."""
	label = _(doc.meta.get_label(fieldname))
	return _("Row {0}, {1}").format(doc.idx, label) if doc.get("parentfield") else label
