"""What a source says again, staff's corrections, and a change at the source: which one a document keeps."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hospital_followup.sources.changes import news

VALUES = st.one_of(st.none(), st.text("ab1 李", max_size=5), st.dates(), st.integers(0, 5))
RECORDS = st.dictionaries(st.sampled_from(["mobile", "sex", "allergies"]), VALUES)


def after(*said: dict[str, Any], ours: dict[str, Any] | None = None) -> dict[str, Any]:
	"""What a document holds after the source said one thing after another."""
	held, digest = dict(ours or {}), None
	for record in said:
		taken, digest = news(record, held, digest)
		held.update(taken)
	return held


@pytest.mark.parametrize(
	("said", "ours", "held"),
	[
		([{"mobile": "1"}], {}, "1"),
		([{"mobile": "1"}], {"mobile": "9"}, "9"),  # typed in before the source was known
		([{"mobile": "1"}, {"mobile": "2"}], {}, "2"),
		([{"mobile": None}, {"mobile": "2"}], {}, "2"),
		([{"mobile": "1"}, {"mobile": None}], {}, None),  # the source took it back
		([{"mobile": "1"}, {"mobile": "1"}], {}, "1"),
		([{}, {"mobile": "1"}], {"mobile": "9"}, "9"),
	],
)
def test_what_is_held(said: list[dict[str, Any]], ours: dict[str, Any], held: str | None) -> None:
	assert after(*said, ours=ours).get("mobile") == held


class TestStaffCorrected:
	"""The source said 1, staff made it 9."""

	@pytest.fixture
	def digest(self) -> str:
		return news({"mobile": "1"}, {}, None)[1]

	@pytest.mark.parametrize(
		("now", "taken"),
		[("1", {}), ("2", {"mobile": "2"}), (None, {}), ("9", {"mobile": "9"})],
	)
	def test_then_the_source_says(self, digest: str, now: str | None, taken: dict[str, str]) -> None:
		assert news({"mobile": now}, {"mobile": "9"}, digest)[0] == taken


def test_a_field_that_the_source_no_longer_mentions_keeps_its_digest() -> None:
	digest = news({"mobile": "1", "sex": "Male"}, {}, None)[1]
	assert news({"sex": "Male"}, {"mobile": "1", "sex": "Male"}, digest) == ({}, digest)


def test_rows_count_as_one_value_and_dates_as_their_day() -> None:
	rows = [{"title": "Pneumonia", "primary": True, "on": date(2026, 1, 2)}]
	stored = [{"title": "Pneumonia", "primary": 1, "on": date(2026, 1, 2)}]
	digest = news({"diagnoses": rows}, {}, None)[1]
	assert news({"diagnoses": stored}, {"diagnoses": stored}, digest) == ({}, digest)
	assert news({"diagnoses": []}, {"diagnoses": stored}, digest)[0] == {"diagnoses": []}


@given(RECORDS)
def test_the_digest_holds_no_value(record: dict[str, Any]) -> None:
	digest = news(record, {}, None)[1]
	assert all(len(part.split(":")[1]) in (0, 8) for part in digest.split())


@given(RECORDS, RECORDS)
def test_saying_the_same_again_is_no_news(first: dict[str, Any], second: dict[str, Any]) -> None:
	held = after(first, second)
	digest = news(second, held, news(first, {}, None)[1])[1]
	assert news(second, held, digest) == ({}, digest)
