"""What strangers send, in every shape."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hospital_followup.channels.signatures import recent, same
from hospital_followup.channels.untrusted import (
	CHINA,
	china_time,
	code,
	form,
	identifier,
	json_object,
	json_rows,
	part,
	seconds,
	text,
	unix_time,
	xml_fields,
)

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=timezone.utc)
ANYTHING = st.recursive(
	st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
	lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
	max_leaves=12,
)


@given(st.binary() | st.text())
def test_any_body_is_read_without_an_accident(body: bytes | str) -> None:
	assert isinstance(json_object(body), dict)
	assert all(isinstance(row, dict) for row in json_rows(body))
	assert all(isinstance(value, str) for value in xml_fields(body).values())


@given(st.binary())
def test_any_form_is_read_without_an_accident(body: bytes) -> None:
	assert all(isinstance(value, str) for value in form(body).values())


@given(ANYTHING)
def test_any_value_becomes_safe_text(value: object) -> None:
	found = text(value)
	assert len(found) <= 2000
	assert all(c in "\n\t" or c.isprintable() for c in found)


@given(ANYTHING)
def test_a_code_is_short_and_plain(value: object) -> None:
	found = code(value)
	assert found is None or (
		found.isascii() and 0 < len(found) <= 80 and not set(found) & set(" \n\t<>\"'=+@")
	)


@given(ANYTHING | st.text("aZ9._:@^/+=-<&\"' ", max_size=150))
def test_an_id_is_kept_as_it_came_or_not_at_all(value: object) -> None:
	found = identifier(value)
	assert found in ("", str(value).strip())
	assert len(found) <= 140
	assert re.fullmatch(r"[A-Za-z0-9._:@^/+=-]*", found)


@pytest.mark.parametrize(
	"genuine",
	[
		"9006197469364984^0",
		"5000:1045710669157053657849499619",
		"SM" + "0" * 32,
		"a1b2@site.example.org",
		"JHJhs_-/+==",
	],
)
def test_ids_of_services_are_ids(genuine: str) -> None:
	assert identifier(genuine) == genuine
	assert identifier(genuine, 5) == ""


@given(ANYTHING)
def test_any_value_as_a_time(value: object) -> None:
	for found in (unix_time(value, NOW), china_time(value, NOW)):
		assert found.tzinfo is not None


@given(ANYTHING, ANYTHING)
def test_any_waiting_time(value: object, other: object) -> None:
	assert seconds(value) is None or 0 <= seconds(value) <= 86400
	assert part({"a": value, "b": other}, "a", "b", "c") is None or isinstance(value, dict)


@given(
	st.datetimes(NOW.replace(year=2001, tzinfo=None), NOW.replace(year=2090, tzinfo=None)).map(
		lambda d: d.replace(microsecond=0)
	)
)
def test_times_come_back_as_they_went(moment: datetime) -> None:
	there = moment.replace(tzinfo=CHINA)
	assert china_time(there.strftime("%Y-%m-%d %H:%M:%S"), NOW) == there
	assert china_time(there.strftime("%Y%m%d%H%M%S"), NOW) == there
	assert unix_time(str(int(there.timestamp())), NOW) == there
	assert unix_time(int(there.timestamp() * 1000), NOW) == there


ENTITIES = [
	'<!DOCTYPE x [<!ENTITY a "aaaa">]><xml><A>&a;</A></xml>',
	'<!DOCTYPE x [<!ENTITY a "a"><!ENTITY b "&a;&a;"><!ENTITY c "&b;&b;">]><xml><A>&c;</A></xml>',
	'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><A>&a;</A></xml>',
	'<!DOCTYPE x SYSTEM "https://example.org/x.dtd"><xml><A>1</A></xml>',
	'<!DOCTYPE x [<!ENTITY % p SYSTEM "https://example.org/x">%p;]><xml><A>1</A></xml>',
	"<xml><A>&unknown;</A></xml>",
]


@pytest.mark.parametrize("document", ENTITIES)
def test_entities_and_document_types_are_refused(document: str) -> None:
	assert xml_fields(document) == {}


@pytest.mark.parametrize(
	"document",
	[
		"",
		"<xml>",
		"<a></b>",
		"text",
		"<xml>" * 100_000,
		"<a>" * 20 + "</a>" * 20,
		b"\xff\xfe<xml/>",
		"<xml/><xml/>",
	],
)
def test_broken_xml_says_nothing(document: str | bytes) -> None:
	assert xml_fields(document) == {}


def test_the_fields_of_a_message() -> None:
	document = "<xml><A><![CDATA[<b>&amp;]]></A><B>1 &lt; 2</B><C><D>deep</D></C><E/></xml>"
	assert xml_fields(document) == {"A": "<b>&amp;", "B": "1 < 2", "C": "", "E": ""}


def test_numbers_of_monstrous_length_are_no_text() -> None:
	assert json_object('{"a": ' + "9" * 5000 + "}") == {}
	assert text(10**5000) == ""


def test_a_form_with_too_many_fields_is_none() -> None:
	assert form(b"&".join(b"a%d=1" % n for n in range(1000))) == {}


@given(st.text())
def test_only_the_same_secret_is_the_same(given_secret: str) -> None:
	assert same(given_secret, "expected") is (given_secret == "expected")
	assert not same(given_secret, "")
	assert not same(None, given_secret)


@given(st.text() | st.integers().map(str))
def test_only_a_near_time_is_recent(stamp: str) -> None:
	if recent(stamp, NOW):
		assert abs(int(stamp) - NOW.timestamp()) <= 300


def test_the_window_is_five_minutes_either_way() -> None:
	moment = int(NOW.timestamp())
	assert recent(str(moment - 300), NOW) and recent(str(moment + 300), NOW)
	assert not recent(str(moment - 301), NOW) and not recent(str(moment + 301), NOW)
	assert recent(str(moment), NOW + timedelta(seconds=299))
