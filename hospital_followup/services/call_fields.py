"""What a caller may write into the log besides answers: one reader per field, and which of two saves is the newer."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import frappe
from frappe import _
from frappe.utils import cint, cstr, get_datetime, getdate, now_datetime, today

from hospital_followup.engine.names import TOPICS
from hospital_followup.exceptions import InvalidValueError
from hospital_followup.services.stay_dates import expected_problem

if TYPE_CHECKING:
	from hospital_followup.hospital_followup.doctype.follow_up_log.follow_up_log import FollowupLog

LOG = "Follow-up Log"
CONTENT = "Care Content"
ANSWERS = "answers"
#: What surely fits into the database; an error of the database would carry the text into the error log.
LONGEST_TEXT = 10_000


def apply(
	doc: FollowupLog, changes: Mapping[str, Any], sequence: int, write_answer: Callable[[str, Any], None]
) -> dict[str, str]:
	"""Write `changes` into the log, each unless a save with a higher `sequence` has written it already.

	Returns the sentence of every value that cannot be meant, by field or question code; the others are written.
	"""
	marks: dict[str, int] = json.loads(doc.sequences or "{}")
	sequence = sequence or int(doc.last_sequence or 0) + 1
	errors: dict[str, str] = {}
	for place, code, raw in _each(changes):
		if sequence < marks.get(place, 0):
			continue
		try:
			if place.startswith(f"{ANSWERS}."):
				write_answer(code, raw)
			else:
				FIELDS[code](doc, code, raw)
		except InvalidValueError as error:
			errors[code] = str(error)
			continue
		marks[place] = sequence
	doc.sequences = json.dumps(marks, sort_keys=True)
	if marks:
		doc.last_sequence = str(max(marks.values()))
	return errors


def _each(changes: Mapping[str, Any]) -> list[tuple[str, str, Any]]:
	found = []
	for field, value in changes.items():
		if field == ANSWERS:
			if not isinstance(value or {}, Mapping):
				frappe.throw(_("Changes are given as fields with values."), InvalidValueError)
			found += [(f"{ANSWERS}.{code}", code, raw) for code, raw in (value or {}).items()]
		elif field in FIELDS:
			found.append((field, field, value))
		else:
			frappe.throw(_("{0} is not part of a call.").format(field), InvalidValueError)
	return found


def _text(doc: FollowupLog, field: str, raw: Any) -> None:
	text = cstr(raw).strip()
	if len(text) > LONGEST_TEXT:
		raise InvalidValueError(_("This text is too long: at most {0} characters.").format(LONGEST_TEXT))
	doc.set(field, text or None)


def _check(doc: FollowupLog, field: str, raw: Any) -> None:
	doc.set(field, int(raw in (True, 1, "1", "true")))


def _satisfaction(doc: FollowupLog, field: str, raw: Any) -> None:
	number = cint(raw)
	if raw not in (None, "", 0, "0") and not (1 <= number <= 5 and cstr(raw).strip() == str(number)):
		raise InvalidValueError(_("Satisfaction is a number from 1 to 5, not {0}.").format(raw))
	doc.set(field, number)


def _choice(doc: FollowupLog, field: str, raw: Any) -> None:
	if raw not in doc.meta.get_field(field).options.split("\n") or not raw:
		label = _(doc.meta.get_label(field), context=LOG)
		raise InvalidValueError(_("{0}: {1} is none of the choices.").format(label, raw))
	doc.set(field, raw)


def _future_day(doc: FollowupLog, field: str, raw: Any) -> None:
	day = _parsed(getdate, raw)
	if day and day < getdate(today()):
		raise InvalidValueError(_("The revisit lies in the past. Choose today or a later day."))
	if day and (problem := expected_problem(day, getdate(today()))):
		raise InvalidValueError(problem)
	doc.set(field, day)


def _callback(doc: FollowupLog, field: str, raw: Any) -> None:
	at = _parsed(get_datetime, raw)
	if at and at <= now_datetime():
		raise InvalidValueError(_("The time to call again has passed. Choose a later one."))
	doc.next_attempt_at = at


def moment(raw: Any) -> Any:
	"""A time as it was sent. Raises InvalidValueError for what is none."""
	return _parsed(get_datetime, raw)


def _parsed(read: Callable[[Any], Any], raw: Any) -> Any:
	try:
		return read(raw) if raw else None
	except (ValueError, TypeError, OverflowError, AttributeError, frappe.ValidationError) as error:
		raise InvalidValueError(_("{0} is not a date.").format(raw)) from error


def _topics(doc: FollowupLog, field: str, raw: Any) -> None:
	given = _list(raw)
	for topic in given:
		if topic not in TOPICS:
			raise InvalidValueError(
				_("{0} is not a topic. Choose from {1}.").format(topic, ", ".join(TOPICS))
			)
	doc.set(field, ", ".join(topic for topic in TOPICS if topic in given))


def _guidance(doc: FollowupLog, field: str, raw: Any) -> None:
	wanted = list(dict.fromkeys(_list(raw)))
	rows = frappe.get_list(
		CONTENT, filters={"name": ("in", wanted)}, fields=["name", "title", "topic"], order_by="name"
	)
	found = {row.name: row for row in rows}
	for name in wanted:
		if name not in found:
			raise InvalidValueError(_("The advice {0} does not exist.").format(name))
	doc.set(field, [])
	for name in wanted:
		doc.append(field, {"content": name, "title": found[name].title, "topic": found[name].topic})


def _list(raw: Any) -> list[str]:
	if raw in (None, ""):
		return []
	if not isinstance(raw, list) or not all(isinstance(item, str) for item in raw):
		raise InvalidValueError(_("A list of names is expected here."))
	return raw


FIELDS: dict[str, Callable[[FollowupLog, str, Any], None]] = {
	"notes": _text,
	"patient_feedback": _text,
	"next_step": _text,
	"incomplete_reason": _text,
	"identity_verified": _check,
	"moved_away": _check,
	"revisit_reminded": _check,
	"satisfaction": _satisfaction,
	"revisit_booked_on": _future_day,
	"callback_at": _callback,
	"topics_covered": _topics,
	"guidance": _guidance,
	"contact_point": _choice,
	"channel": _choice,
}
