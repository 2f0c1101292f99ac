"""The endpoints that anybody on the internet can call: whatever they send, nothing is opened, kept, logged or broken."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import frappe
import pytest
import requests
from frappe.utils import add_to_date, now_datetime
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hospital_followup import page_api
from hospital_followup.services import page_links
from hospital_followup.tests import factories as make
from tests.site.call_samples import ALERT, LOG
from tests.site.pages import PAGE, page
from tests.site.rights import AD
from tests.stack.rest import Rest

CANARY = "canary\u6b63\u9e1f7f3a"
METHODS = ("open_page", "save_page", "hand_in", "ask_for_call", "stop_contact", "answer_programme")
PATH = "/api/method/hospital_followup.page_api."
INJECTIONS = (
	"{{ frappe.get_all('User') }}",
	"=HYPERLINK(1)",
	"<script>",
	"\ud800",
	"\u0000",
	"' or 1=1 --",
)
PLAIN = st.one_of(
	st.none(),
	st.booleans(),
	st.integers(-(2**70), 2**70),
	st.floats(),
	st.text(max_size=80),
	st.sampled_from((*INJECTIONS, "9" * 400)),
)
SHAPES = st.recursive(
	PLAIN,
	lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
	max_leaves=8,
)
ASKED = ("pain", "fever", "degrees", "wish")
CODES = st.sampled_from((*ASKED, "satisfaction", "comment", "complaint", "status", "name", "__proto__"))
BODIES = st.one_of(SHAPES, st.dictionaries(CODES, PLAIN, max_size=5))
KEPT = ("Error Log", "Version", "Notification Log", "Activity Log", "Follow-up Run", "Follow-up Run Error")
often = settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))


def attempt(method: str, **values: Any) -> dict[str, Any] | None:
	"""What a guest gets; None when it was refused as Frappe refuses, without a traceback."""
	before = frappe.session.user
	frappe.cache.delete_keys("followup_page")
	frappe.set_user("Guest")
	try:
		return getattr(page_api, method)(**values)
	except (frappe.ValidationError, frappe.exceptions.FrappeTypeError):
		return None
	finally:
		frappe.set_user(before)
		frappe.local.lang = "en"


def error_rows() -> int:
	return frappe.db.count("Error Log")


@often
@given(token=SHAPES | st.text("abcdefABC_-019", min_size=32, max_size=32), method=st.sampled_from(METHODS))
def test_no_token_but_the_right_one_opens_anything(token: Any, method: str) -> None:
	before = error_rows()
	answer = attempt(method, token=token)
	assert answer is None or answer["state"] == "gone"
	assert error_rows() == before


@often
@given(
	answers=BODIES,
	fields=BODIES,
	sequence=st.integers(-(2**70), 2**70),
	method=st.sampled_from(["save_page", "hand_in"]),
)
def test_whatever_is_sent_the_page_keeps_only_what_it_asks(
	answers: Any, fields: Any, sequence: int, method: str
) -> None:
	doc, token = page()
	before = error_rows()
	values = {"sequence": sequence} if method == "save_page" else {}
	attempt(method, token=token, answers=answers, fields=fields, **values)
	kept = frappe.get_doc(PAGE, doc.name)
	assert {row.question for row in kept.answers} <= set(ASKED)
	assert (kept.patient, kept.key, kept.task) == (doc.patient, doc.key, doc.task)
	assert kept.token_hash == page_links.hash_of(token)
	assert kept.status in ("Sent", "Answered")
	assert 0 <= (kept.satisfaction or 0) <= 5
	assert 0 <= kept.last_sequence < 2**31
	assert error_rows() == before


@often
@given(programme=SHAPES, agrees=SHAPES)
def test_whatever_programme_is_answered_nothing_but_an_offer_is_taken(programme: Any, agrees: Any) -> None:
	_doc, token = page()
	before = frappe.db.count("Follow-up Consent"), error_rows()
	answer = attempt("answer_programme", token=token, programme=programme, agrees=agrees)
	assert answer is None or "takes_part" not in answer
	assert (frappe.db.count("Follow-up Consent"), error_rows()) == before


@often
@given(language=SHAPES)
def test_any_language_is_answered_in_one_of_ours(language: Any) -> None:
	_doc, token = page()
	answer = attempt("open_page", token=token, language=language)
	assert answer is None or answer["language"] in ("zh", "en")


@pytest.mark.parametrize(
	"words",
	[
		"blood pressure < 140, > 90",
		"{{ 7 * 7 }}",
		"{% for x in () %}",
		"=1+1",
		"\uff1dcmd()",
		"<img src=x onerror=1>",
		"@SUM(1)",
	],
)
def test_words_stay_words(words: str) -> None:
	doc, token = page()
	fields = {"comment": words, "satisfaction": 1}
	attempt("hand_in", token=token, answers={"pain": 9, "fever": "No"}, fields=fields)
	doc.reload()
	told = frappe.db.get_value(LOG, doc.log, "patient_feedback")
	assert doc.comment == told == words.replace("<img", "\uff1cimg")
	details = frappe.get_all(ALERT, filters={"patient": doc.patient}, pluck="detail", order_by="name")
	assert len(details) == 2
	assert not any("49" in detail for detail in details)


def test_a_reply_that_becomes_a_contact_at_once_holds_no_markup() -> None:
	patient = make.patient().name
	said = "<a href=https://evil.example>call</a>"
	log = frappe.get_doc({"doctype": LOG, "patient": patient, "direction": "In", "channel": "SMS"})
	log.update({"outcome": "Replied", "staff": "Guest", "contacted_at": now_datetime(), "docstatus": 1})
	log.update({"patient_feedback": said}).insert()
	kept = frappe.db.get_value(LOG, log.name, "patient_feedback")
	assert kept == "\uff1ca href=https://evil.example>call\uff1c/a>"


def test_a_page_that_asks_nothing_keeps_nothing() -> None:
	doc, token = page(asks=None, asks_satisfaction=0)
	said = {"comment": CANARY, "complaint": 1, "satisfaction": 1}
	attempt("save_page", token=token, answers={"pain": 1}, fields=said, sequence=1)
	answer = attempt("hand_in", token=token, fields=said, anyway=True)
	assert answer["state"] == "open"
	doc.reload()
	assert (doc.comment, doc.complaint, doc.satisfaction, doc.status) == (None, 0, 0, "Sent")


def test_a_token_one_letter_away_opens_nothing() -> None:
	_doc, token = page()
	for place in range(0, 32, 5):
		letter = "A" if token[place] != "A" else "B"
		assert attempt("open_page", token=token[:place] + letter + token[place + 1 :])["state"] == "gone"
	assert attempt("open_page", token=token.swapcase())["state"] == "gone"


def test_what_is_stored_is_no_key() -> None:
	doc, _token = page()
	stored = doc.reload().token_hash
	for text in (stored, stored[:32], doc.name, doc.key):
		assert attempt("open_page", token=text)["state"] == "gone"


def test_nothing_of_it_stands_in_a_log(caplog: pytest.LogCaptureFixture) -> None:
	doc, token = page()
	with caplog.at_level(logging.DEBUG):
		attempt("save_page", token=token, answers={"wish": CANARY}, fields={"comment": CANARY}, sequence=1)
		attempt("save_page", token=token, answers={"pain": [CANARY]}, sequence=2)
		attempt("hand_in", token=token, answers={"pain": 9, "fever": CANARY}, anyway=True)
		frappe.db.set_value(PAGE, doc.name, "expires_at", add_to_date(now_datetime(), days=-1))
		attempt("open_page", token=token)
	assert frappe.db.get_value(PAGE, doc.name, "comment") == CANARY
	files = Path(frappe.get_site_path("logs")).glob("*.log")
	logged = caplog.text + "".join(path.read_text(errors="replace") for path in files)
	rows = [frappe.get_all(doctype, fields=["*"], order_by="creation desc", limit=50) for doctype in KEPT]
	kept = json.dumps(rows, default=str, ensure_ascii=False)
	mobile = frappe.db.get_value("Follow-up Patient", doc.patient, "mobile")
	for secret in (CANARY, token, mobile):
		assert secret not in logged
		assert secret not in kept


@pytest.mark.parametrize("method", METHODS)
def test_what_frappe_would_log_on_an_error_is_gone_before_anything_can_fail(as_user, method: str) -> None:
	"""On an error Frappe writes `form_dict` into its log, and hides only tokens and keys."""
	_doc, token = page()
	nonsense = {"answers": "[" * 100_000} if method in ("save_page", "hand_in") else {}
	with as_user():
		for values in ({"token": token}, {"token": "A" * 32}, {"token": token, **nonsense}):
			said = {"cmd": method, "answers": CANARY, "fields": {"comment": CANARY}}
			frappe.local.form_dict = frappe._dict(said | values)
			with suppress(frappe.ValidationError):
				getattr(page_api, method)(**values)
			assert frappe.local.form_dict == {"cmd": method}


def test_guesses_from_an_address_keep_nobody_else_out() -> None:
	doc, token = page()
	frappe.cache.delete_keys("followup_page")
	gone = [page_api.open_page(token="A" * 32)["state"] for _try in range(page_api.PER_ADDRESS)]
	assert set(gone) == {"gone"}
	with pytest.raises(frappe.RateLimitExceededError):
		page_api.open_page(token="B" * 32)
	assert page_api.open_page(token=token)["state"] == "open"
	assert page_api.ask_for_call(token=token)["call"]
	assert doc.reload().wants_call == 1


def test_a_page_is_opened_no_more_often_than_anybody_types_and_that_is_its_own_affair() -> None:
	_doc, token = page()
	_doc, other = page()
	frappe.cache.delete_keys("followup_page")
	for _time in range(page_api.PER_PAGE):
		assert page_api.open_page(token=token)["state"] == "open"
	with pytest.raises(frappe.RateLimitExceededError):
		page_api.open_page(token=token)
	assert page_api.open_page(token=other)["state"] == "open"
	assert page_api.open_page(token="A" * 32)["state"] == "gone"


def test_a_counter_ends_whatever_happens() -> None:
	frappe.cache.delete_keys("followup_page")
	page_api.open_page(token="A" * 32)
	(key,) = frappe.cache.get_keys("followup_page_address")
	assert 0 < frappe.cache.ttl(key) <= page_api.WINDOW


@pytest.mark.commits
@pytest.mark.parametrize(
	("body", "kind"),
	[
		(b'{"token": "\\ud800"}', "application/json"),
		(b'{"token": null}', "application/json"),
		(b'{"token": "a", "sequence": "x", "answers": 7}', "application/json"),
		(b"token=%ff%fe", "application/x-www-form-urlencoded"),
		(b"--x\r\nnonsense", "multipart/form-data; boundary=x"),
		(b"<a/>", "text/xml"),
	],
)
def test_nonsense_over_http_gets_no_traceback(rest, body: bytes, kind: str) -> None:
	for method in METHODS:
		answer = rest().send(PATH + method, body, kind)
		assert "Traceback" not in answer.text
		assert "/apps/" not in answer.text
		assert answer.status_code != 200 or answer.json()["message"]["state"] == "gone"


@pytest.mark.commits
@pytest.mark.parametrize("method", METHODS)
def test_a_call_by_another_address_gets_no_traceback_either(web, method: str) -> None:
	"""Frappe takes the name of the method from the path or, under any path, from `cmd`."""
	for path in ("/", "/follow-up", "/api/method/ping"):
		called = {"cmd": f"hospital_followup.page_api.{method}", "sequence": "0"}
		for accept in ("application/json", "text/html"):
			answer = requests.post(web.url + path, data=called, headers={"Accept": accept})
			assert answer.status_code >= 400 or answer.json()["message"]["state"] == "gone"
			assert "Traceback" not in answer.text
			assert "/apps/" not in answer.text


#: What a stranger, or a page of an older release, may leave out or say in another shape.
UNUSUAL = (
	{},
	{"token": None},
	{"token": ["x"]},
	{"token": 7},
	{"token": "A" * 32, "language": {"a": 1}},
	{"fn": "frappe.ping", "method": "x", "args": [], "kwargs": {}, "self": 1},
)
WRONG = ({"answers": [1]}, {"fields": 7}, {"sequence": "x"}, {"sequence": {}}, {"sequence": 1e999})


@pytest.mark.commits
@pytest.mark.parametrize("said", UNUSUAL)
def test_a_request_without_a_proper_token_gets_the_answer_of_a_wrong_one_and_leaves_no_log(
	rest: Callable[..., Rest], said: dict[str, Any]
) -> None:
	before = error_rows()
	for method in METHODS:
		answer = rest().post(PATH + method, {"wish": CANARY, "comment": CANARY, **said})
		assert (answer.status_code, answer.json()["message"]["state"]) == (200, "gone")
		as_form = requests.post(
			answer.url, data={"comment": CANARY, **{name: str(said[name]) for name in said}}
		)
		assert (as_form.status_code, as_form.json()["message"]["state"]) == (200, "gone")
	nothing_logged(before)


@pytest.mark.commits
@pytest.mark.parametrize("said", WRONG)
def test_values_of_another_shape_are_refused_and_leave_no_log(
	rest: Callable[..., Rest], said: dict[str, Any]
) -> None:
	before = error_rows()
	_doc, token = page()
	frappe.db.commit()  # reason: the server reads it
	body = json.dumps({"token": token, "comment": CANARY, **said}).encode()
	for method in ("save_page", "hand_in"):
		if "sequence" in said and method == "hand_in":
			continue
		answer = rest().send(PATH + method, body, "application/json")
		assert answer.status_code == frappe.ValidationError.http_status_code
		assert "That did not work" in answer.text
	nothing_logged(before)


@pytest.mark.commits
def test_a_callback_without_anything_leaves_no_log(rest: Callable[..., Rest]) -> None:
	before = error_rows()
	for said in ({}, {"provider": CANARY}, {"fn": CANARY}):
		answer = rest().post("/api/method/hospital_followup.callback_api.receive", {"text": CANARY, **said})
		assert answer.status_code in (403, 429)
		assert answer.text == ""
	nothing_logged(before)


def nothing_logged(rows_before: int) -> None:
	"""Neither in the database nor in a file."""
	frappe.db.rollback()  # reason: see what the server has committed
	assert error_rows() == rows_before
	files = Path(frappe.get_site_path("logs")).glob("*.log")
	assert not [path.name for path in files if CANARY in path.read_text(errors="replace")]


@pytest.mark.commits
@pytest.mark.parametrize("body", [b"{canary", b"\xff\xfe\x00canary", b'"canary"', b"null"])
def test_what_is_no_request_at_all_never_reaches_us(rest, body: bytes) -> None:
	"""Frappe refuses it before it calls any app; what was in it is not said back."""
	for method in METHODS:
		answer = rest().send(PATH + method, body, "application/json")
		assert answer.status_code >= 400
		assert "hospital_followup/" not in answer.text
		assert "canary" not in answer.text


@pytest.mark.commits
def test_nobody_becomes_the_patient_by_saving_the_page(rest: Callable[..., Rest]) -> None:
	doc, token = page()
	attempt("save_page", token=token, answers={"pain": 2}, sequence=1)
	frappe.db.commit()  # reason: the server reads it
	before = frappe.get_doc(PAGE, doc.name)
	mine = page_links.token_of("mine")
	values = {
		"token_hash": page_links.hash_of(mine),
		"key": "mine",
		"patient": make.patient().name,
		"status": "Answered",
		"answered_on": "2026-01-01 00:00:00",
		"written_on": None,
		"satisfaction": 1,
		"comment": "Bad",
		"answers": [{"question": "pain", "value": "9"}],
		"expires_at": "2031-01-01 00:00:00",
	}
	frappe.db.commit()  # reason: the server reads the other patient
	assert rest(AD).put(f"/api/resource/{PAGE}/{doc.name}", values).ok
	frappe.db.rollback()  # reason: see what the server has committed
	after = frappe.get_doc(PAGE, doc.name)
	for field in set(values) - {"answers", "expires_at"}:
		assert after.get(field) == before.get(field), field
	assert [(row.question, row.value) for row in after.answers] == [("pain", "2")]
	assert str(after.expires_at).startswith("2031")
	assert attempt("open_page", token=mine)["state"] == "gone"
	assert attempt("open_page", token=token)["state"] == "open"


def test_a_person_closes_a_page_and_opens_none_again() -> None:
	doc, token = page()
	frappe.get_doc(PAGE, doc.name).update({"status": "Expired"}).save()
	assert attempt("open_page", token=token)["state"] == "gone"
	frappe.get_doc(PAGE, doc.name).update({"status": "Sent"}).save()
	assert frappe.db.get_value(PAGE, doc.name, "status") == "Expired"
