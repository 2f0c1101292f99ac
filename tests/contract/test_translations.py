"""The Chinese is complete, and nothing in it is left over. `zh_sort.py` in this folder repairs most of it."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from tests.contract.app_files import ZH_CSV
from tests.contract.source_calls import text_calls
from tests.contract.visible_strings import calls, kinds_without_texts, uses
from tests.contract.zh_rows import SAME_IN_CHINESE, missing, orphans, read_rows, written

PLACEHOLDER = re.compile(r"\{[^{}]*\}")
HTML = re.compile(r"</?\w+[^>]*>")
CHINESE = "\u4e00-\u9fff"
HALF_WIDTH = re.compile(rf"[{CHINESE}][,;:?!()]|[,;:?!()][{CHINESE}]")

ROWS = read_rows()
USES = uses()


def test_every_visible_text_has_a_chinese_row() -> None:
	assert sorted({(use.text, use.place) for use in missing(ROWS, USES)}) == []


def test_no_row_translates_nothing() -> None:
	assert orphans(ROWS, USES) == []


def test_every_kind_of_document_has_its_texts_named() -> None:
	assert kinds_without_texts() == set()


def test_each_text_is_translated_once() -> None:
	counts = Counter((row.source, row.context) for row in ROWS)
	assert [pair for pair, count in counts.items() if count > 1] == []


def test_the_file_is_sorted_and_written_the_usual_way() -> None:
	assert ZH_CSV.read_text(encoding="utf-8") == written(ROWS)


def test_nothing_is_left_in_english() -> None:
	same = {row.source for row in ROWS if row.translation.strip() in ("", row.source)}
	assert same - SAME_IN_CHINESE == set()


@pytest.mark.parametrize("pattern", [PLACEHOLDER, HTML], ids=["placeholders", "markup"])
def test_a_translation_keeps(pattern: re.Pattern[str]) -> None:
	differing = [
		row for row in ROWS if sorted(pattern.findall(row.source)) != sorted(pattern.findall(row.translation))
	]
	assert differing == []


def test_no_space_around_a_text() -> None:
	assert [
		row for row in ROWS if row.source != row.source.strip() or row.translation != row.translation.strip()
	] == []


def test_chinese_uses_its_own_punctuation() -> None:
	assert [row for row in ROWS if HALF_WIDTH.search(PLACEHOLDER.sub("", row.translation))] == []


def test_no_text_is_put_together_inside_the_call() -> None:
	"""An f-string or a sum inside `_()` is never found in a list of translations."""
	assert [place for place, call in calls() if call.built] == []


@pytest.mark.parametrize(
	("source", "text", "context", "built"),
	[
		('__("Plain")', "Plain", None, False),
		("__('It\\'s')", "It's", None, False),
		('__("{0} to {1}", [f(a, "b"), g()], "Period")', "{0} to {1}", "Period", False),
		("__(`Two words`)", "Two words", None, False),
		("__(`With ${name}`)", None, None, True),
		('__("One" + "two")', None, None, True),
		("__(name)", None, None, False),
		('frappe._("Here")', "Here", None, False),
	],
)
def test_reading_of_scripts(source: str, text: str | None, context: str | None, built: bool) -> None:
	(call,) = text_calls(source)
	assert (call.text, call.context, call.built) == (text, context, built)


@pytest.mark.parametrize("source", ["frm.__(1)", "my__('x')", "x_('y')"])
def test_other_calls_are_not_taken_for_translations(source: str) -> None:
	assert list(text_calls(source)) == []
