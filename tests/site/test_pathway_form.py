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


REACTION = {"condition": "fever = yes", "effect": "Sooner", "within_days": 3, "reason": "Fever"}


@pytest.mark.parametrize(
	("values", "message"),
	[
		({"condition": "fever ="}, "Reaction 1.*is missing"),
		({"condition": "is it warm?"}, "cannot stand here"),
		({"within_days": 0}, "within how many days"),
		({"within_days": 400}, "1 to 366"),
		({"in_a_row": 13}, "at most 12"),
		({"step": "Day 3"}, "no contact of the pathway is called"),
	],
)
def test_a_reaction_is_refused_with_the_reason(values: dict[str, Any], message: str) -> None:
	with pytest.raises(InvalidValueError, match=message):
		saved("Care Pathway", reactions=[{**REACTION, **values}])


def test_a_reaction_is_written_the_usual_way() -> None:
	given = {
		**REACTION,
		"condition": " fever = yes ",
		"step": " Day 2 ",
		"effect": "End Pathway",
		"in_a_row": 0,
	}
	(row,) = saved("Care Pathway", reactions=[given]).reactions
	assert (row.condition, row.step, row.in_a_row, row.within_days) == ("fever = yes", "Day 2", 1, None)


def test_a_new_version_keeps_its_reactions() -> None:
	pathway = saved("Care Pathway", reactions=[REACTION])
	copy = frappe.copy_doc(pathway, ignore_no_copy=False).insert()
	assert [row.condition for row in copy.reactions] == ["fever = yes"]


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
