"""Who may change the pathways of a plan, what the timeline says, and that a plan open elsewhere is not overwritten."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import frappe
import pytest

from hospital_followup import plan_pathway_api
from hospital_followup.exceptions import InvalidValueError
from hospital_followup.tests import factories
from tests.site.pathway_samples import approved, stay
from tests.site.rights import AD, DR, SP, SV

As = Callable[..., AbstractContextManager[str]]
TITLE = "Blood Pressure"


@pytest.fixture
def plan(site: Any) -> str:
	factories.standard_policy()
	return stay().plan


@pytest.fixture
def other(site: Any) -> str:
	return approved(TITLE, diagnoses=[{"code": "I10"}]).name


def followed(plan: str) -> list[str]:
	return [row.pathway for row in frappe.get_doc("Follow-up Plan", plan).pathways if not row.ended_on]


def remarks(plan: str) -> list[str]:
	filters = {"reference_name": plan, "comment_type": "Info"}
	return frappe.get_all("Comment", filters=filters, pluck="content", order_by="creation, name")


@pytest.mark.parametrize("role", [DR, SV, AD])
def test_add_end_and_take_back(as_user: As, plan: str, other: str, role: str) -> None:
	with as_user(role) as user:
		assert plan_pathway_api.preview_pathway_addition(plan, other)["changed"]
		assert plan_pathway_api.add_pathway(plan, other) == TITLE
		assert followed(plan) == [other]
		assert plan_pathway_api.preview_pathway_end(plan, TITLE)["changed"]
		plan_pathway_api.end_pathway(plan, TITLE, " normal <twice> ")
		assert followed(plan) == []
		plan_pathway_api.take_back_pathway(plan, TITLE)
		assert followed(plan) == [other]
	row = frappe.get_doc("Follow-up Plan", plan).pathways[0]
	assert (row.added_by, row.ended_by, row.end_reason) == (user, None, None)
	added, ended, taken_back = remarks(plan)
	assert f"Pathway added: {TITLE}" in added and TITLE in taken_back
	assert ended == f"Pathway ended: {TITLE}. normal &lt;twice&gt;"


def test_specialists_only_read(as_user: As, plan: str, other: str) -> None:
	calls = [
		lambda: plan_pathway_api.pathways_of_plan(plan),
		lambda: plan_pathway_api.preview_pathway_addition(plan, other),
		lambda: plan_pathway_api.add_pathway(plan, other),
		lambda: plan_pathway_api.preview_pathway_end(plan, TITLE),
		lambda: plan_pathway_api.end_pathway(plan, TITLE, "because"),
		lambda: plan_pathway_api.take_back_pathway(plan, TITLE),
	]
	with as_user(SP):
		assert frappe.has_permission("Follow-up Plan", "read", plan)
		for call in calls:
			with pytest.raises(frappe.PermissionError):
				call()
	assert followed(plan) == []


def test_ending_asks_for_a_reason(plan: str, other: str) -> None:
	plan_pathway_api.add_pathway(plan, other)
	with pytest.raises(InvalidValueError, match="reason in a few words"):
		plan_pathway_api.end_pathway(plan, TITLE, "  ")
	assert followed(plan) == [other]


def test_a_form_that_was_opened_before_is_not_saved_over_it(plan: str, other: str) -> None:
	opened = frappe.get_doc("Follow-up Plan", plan)
	plan_pathway_api.add_pathway(plan, other)
	with pytest.raises(frappe.TimestampMismatchError):
		opened.save()
	assert followed(plan) == [other]
