"""What a patient's browser may call, without signing in. Each call carries the token of one page and nothing else opens it.

Everything is POST with one JSON body, limited in size, shape and rate; a wrong, an expired, a foreign and a missing token
get the same answer. Every argument is optional and of any type, and looked at here: what Frappe refuses itself, for an
argument that is missing or of another type, fails before the first line here and is an error with the form's fields in its
log. No `from __future__ import annotations`: Frappe reads the types of the arguments.
"""

import json
from collections.abc import Callable
from typing import Any, NoReturn

import frappe
from frappe import _

from hospital_followup.services import (
	guest_counts,
	guest_requests,
	page_answers,
	page_calls,
	page_closing,
	page_programmes,
	page_requests,
	page_state,
	patient_pages,
)
from hospital_followup.services.failures import code_of
from hospital_followup.services.retry import with_retry

#: Bytes of a request: the longest page with the longest comments stays far below.
MAX_BYTES = 64 * 1024
MAX_ANSWERS = 80
MAX_TEXT = 2_000
MAX_CODE = 60
#: Calls per address in ten minutes with tokens that never opened anything. Those of pages are not counted: whole towns share
#: one address of a mobile network, and behind a proxy everybody has the same.
PER_ADDRESS = 1_200
#: Calls per page in ten minutes: more than anybody types.
PER_PAGE = 120
WINDOW = 600
#: "Yes" as JSON and as a form says it.
YES = (True, "1", "true")

Page = Any


@frappe.whitelist(allow_guest=True, methods=["POST"])
def open_page(token: Any = None, language: Any = None) -> dict[str, Any]:
	"""What the page shows; opening it for the first time is noted."""
	guest_requests.forget_contents()

	def work(page: Page) -> dict[str, Any]:
		if page.status == "Sent":
			page.status, page.opened_on = "Opened", frappe.utils.now_datetime()
			patient_pages.store(page)
		return {}

	return _with_page(token, language, work)


@frappe.whitelist(allow_guest=True, methods=["POST"])
def save_page(
	token: Any = None,
	answers: Any = None,
	fields: Any = None,
	sequence: Any = 0,
	language: Any = None,
) -> dict[str, Any]:
	"""Keep what was entered so far; a save that arrives late never overwrites a newer one."""
	guest_requests.forget_contents()
	given, more, number = _mapping(answers), _mapping(fields), _whole(sequence)

	def work(page: Page) -> dict[str, Any]:
		if page.status == "Answered" or number <= (page.last_sequence or 0):
			return {"errors": {}, **page_state.progress(page)}
		errors = page_answers.write(page, given, more)
		page.last_sequence = min(max(0, number), 2**31 - 1)
		patient_pages.store(page)
		return {"errors": errors, **page_state.progress(page)}

	return _with_page(token, language, work, whole=False)


@frappe.whitelist(allow_guest=True, methods=["POST"])
def hand_in(
	token: Any = None,
	answers: Any = None,
	fields: Any = None,
	anyway: Any = False,
	language: Any = None,
) -> dict[str, Any]:
	"""Make the answers final, once. Questions left open are named first; `anyway` sends without them."""
	guest_requests.forget_contents()
	given, more, sure = _mapping(answers), _mapping(fields), anyway in YES

	def work(page: Page) -> dict[str, Any]:
		if page.status == "Answered" or not page_answers.asks(page):
			return {}
		errors = page_answers.write(page, given, more)
		progress = page_state.progress(page)
		if errors or (progress["missing"] and not sure):
			patient_pages.store(page)
			return {"errors": errors, **progress}
		page_closing.hand_in(page)
		return {}

	return _with_page(token, language, work)


@frappe.whitelist(allow_guest=True, methods=["POST"])
def ask_for_call(token: Any = None, language: Any = None) -> dict[str, Any]:
	"""Have the hospital call; the answer says until when, and what to do meanwhile."""
	guest_requests.forget_contents()

	def work(page: Page) -> dict[str, Any]:
		with patient_pages.in_hospital_language():
			page_calls.ask_for_call(page)
		patient_pages.store(page)
		return {}

	return _with_page(token, language, work)


@frappe.whitelist(allow_guest=True, methods=["POST"])
def stop_contact(token: Any = None, language: Any = None) -> dict[str, Any]:
	"""Withdraw every consent at once."""
	guest_requests.forget_contents()

	def work(page: Page) -> dict[str, Any]:
		page_requests.stop_contact(page)
		return {"stopped": True}

	return _with_page(token, language, work)


@frappe.whitelist(allow_guest=True, methods=["POST"])
def answer_programme(
	token: Any = None, programme: Any = None, agrees: Any = None, language: Any = None
) -> dict[str, Any]:
	"""Take part in a programme that is offered on the page, or not. Of a programme that is not offered nothing is said."""
	guest_requests.forget_contents()

	def work(page: Page) -> dict[str, Any]:
		if not isinstance(agrees, bool):
			return {}
		spoken = page_state.language_of(page, language)
		taken = page_programmes.answer(page, programme, agrees, spoken)
		return {"takes_part": agrees} if taken else {}

	return _with_page(token, language, work)


def _with_page(
	token: object, language: object, work: Callable[[Page], dict[str, Any]], *, whole: bool = True
) -> dict[str, Any]:
	"""`work` on the locked page of `token`, in its language; with `whole` the answer draws the page anew."""
	_refuse_too_large()

	def attempt() -> dict[str, Any]:
		_refuse_too_often(patient_pages.name_of(token))
		page = patient_pages.find(token, lock=True)
		spoken = page_state.language_of(page, language)
		frappe.local.lang = spoken
		if page is None:
			return page_state.closed(spoken)
		answer = work(page)
		return {**(page_state.shown(page, spoken) if whole else {}), **answer}

	try:
		answer = with_retry(attempt, commit=False)
	except frappe.RateLimitExceededError:
		raise
	except Exception as error:
		# What refuses here speaks to staff, with names and illnesses, and Frappe would keep the local variables, and with
		# them what the patient wrote, in its error log.
		frappe.db.rollback()
		frappe.logger("hospital_followup").error("patient page: %s", code_of(error))
	else:
		frappe.clear_messages()
		return answer
	frappe.clear_messages()
	_nonsense()


def _refuse_too_large() -> None:
	request = getattr(frappe.local, "request", None)
	if request is not None and (request.content_length or 0) > MAX_BYTES:
		frappe.throw(_("That is too much text for one answer."), frappe.ValidationError)


def _refuse_too_often(page: str | None) -> None:
	"""Count per page, before it is locked; without one per address. So nobody's guesses keep a patient out."""
	if page:
		count, limit = guest_counts.count("followup_page", page, WINDOW), PER_PAGE
	else:
		address = frappe.local.request_ip
		count, limit = guest_counts.count("followup_page_address", address, WINDOW), PER_ADDRESS
	if count > limit:
		frappe.throw(_("Too many requests. Please try again in some minutes."), frappe.RateLimitExceededError)


def _whole(raw: object) -> int:
	"""The number of a save, counted by the page."""
	try:
		return int(raw) if isinstance(raw, int | float | str) else _nonsense()
	except (ValueError, OverflowError):
		return _nonsense()


def _mapping(raw: object) -> dict[str, Any]:
	"""Codes with plain values; anything else is refused without a word about why."""
	try:
		parsed = json.loads(raw) if isinstance(raw, str) else raw
	except (ValueError, RecursionError):
		parsed = ""
	if parsed in (None, {}):
		return {}
	if not isinstance(parsed, dict) or len(parsed) > MAX_ANSWERS or not all(map(_plain, parsed.items())):
		_nonsense()
	return parsed


def _nonsense() -> NoReturn:
	frappe.throw(_("That did not work. Please try again in a moment."), frappe.ValidationError)


def _plain(item: tuple[Any, Any]) -> bool:
	code, value = item
	if not isinstance(code, str) or len(code) > MAX_CODE:
		return False
	if isinstance(value, str):
		return len(value) <= MAX_TEXT and not any(0xD800 <= ord(sign) <= 0xDFFF for sign in value)
	return value is None or isinstance(value, bool | int | float)
