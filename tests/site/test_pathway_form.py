"""What a Care Pathway accepts, and the ids by which its steps are known in later versions."""

from __future__ import annotations

from typing import Any

import frappe
import pytest

from hospital_followup.exceptions import InvalidValueError
from tests.site.samples import saved

STEP = {"offset": 2, "offset_unit": "Day"}


@pytest.mark.parametrize(
	("values", "message"),
	[
		({"age_from": "young"}, "not a number"),
		({"age_from": "1.5"}, "whole number"),
		({"age_from": "60", "age_to": "18"}, "fits nobody"),
		({"diagnoses": [{}]}, "empty"),
		({"procedures": [{"title": "  "}]}, "empty"),
		({"steps": [{**STEP, "offset": -7}]}, "may be negative"),
		({"steps": [{**STEP, "repeat_every": 1, "repeat_unit": "Month"}]}, "number of contacts"),
		({"steps": [{**STEP, "repeat_every": 1, "repeat_count": 3}]}, "number of contacts"),
		({"steps": [{**STEP, "topics": "Condition, Weather"}]}, "Weather"),
	],
)
def test_is_refused_with_the_reason(values: dict[str, Any], message: str) -> None:
	with pytest.raises(InvalidValueError, match=message):
		saved("Care Pathway", **values)


def test_a_window_is_never_negative() -> None:
	with pytest.raises(frappe.NonNegativeError):
		saved("Care Pathway", steps=[{**STEP, "window_days": -1}])


def test_a_pathway_has_steps() -> None:
	with pytest.raises(frappe.MandatoryError):
		saved("Care Pathway", steps=[])


def test_steps_before_an_expected_delivery_are_negative() -> None:
	pathway = saved(
		"Care Pathway", anchor="Expected Delivery", steps=[{**STEP, "offset": -28, "offset_unit": "Week"}]
	)
	assert pathway.steps[0].offset == -28


def test_a_step_that_does_not_repeat_has_no_count() -> None:
	pathway = saved("Care Pathway", steps=[{**STEP, "repeat_unit": "Week", "repeat_count": 4}])
	assert (pathway.steps[0].repeat_unit, pathway.steps[0].repeat_count) == (None, None)


def test_topics_are_understood_in_the_readers_language() -> None:
	frappe.local.lang = "zh"
	pathway = saved("Care Pathway", steps=[{**STEP, "topics": "康复指导，病情跟踪、 care"}])
	assert pathway.steps[0].topics == "Condition, Guidance, Care"


class TestStepId:
	def test_is_given_once_and_stays(self) -> None:
		pathway = saved("Care Pathway")
		first = pathway.steps[0].step_id
		pathway.append("steps", {**STEP, "offset": 9})
		pathway.save()
		assert first
		assert pathway.steps[0].step_id == first
		assert len({step.step_id for step in pathway.steps}) == 2

	def test_may_be_given_by_an_import(self) -> None:
		assert saved("Care Pathway", steps=[{**STEP, "step_id": "day2"}]).steps[0].step_id == "day2"

	def test_a_row_copied_in_the_table_becomes_a_step_of_its_own(self) -> None:
		pathway = saved("Care Pathway", steps=[{**STEP, "step_id": "day2"}, {**STEP, "step_id": "day2"}])
		assert pathway.steps[0].step_id == "day2"
		assert pathway.steps[1].step_id not in ("", None, "day2")

	def test_is_the_same_in_the_next_version(self) -> None:
		pathway = saved("Care Pathway")
		copy = frappe.copy_doc(pathway, ignore_no_copy=False).insert()
		assert [step.step_id for step in copy.steps] == [step.step_id for step in pathway.steps]
