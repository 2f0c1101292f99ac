"""Approved pathways join the contacts of the tier, the plan names them, and the visits they speak of are expected."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import frappe
import pytest
from frappe.utils import getdate

from hospital_followup.exceptions import InvalidValueError
from hospital_followup.services import planning
from hospital_followup.tests import factories
from tests.site.pathway_samples import STEPS, approved, expected, sources, stay
from tests.site.samples import saved


@pytest.fixture(autouse=True)
def _standard_policy(site: Any) -> None:
	factories.standard_policy()


def month_after(day: Any) -> date:
	return getdate(frappe.utils.add_months(day, 1))


def test_a_plan_follows_the_pathways_that_fit() -> None:
	pathway = approved()
	approved("Another Disease", diagnoses=[{"code": "I10"}])
	saved("Care Pathway", title="Not Signed Off", diagnoses=[{"code": "K80"}])
	doc = stay()
	plan = frappe.get_doc("Follow-up Plan", doc.plan)
	assert [(row.pathway, row.version, row.anchor_date) for row in plan.pathways] == [
		(pathway.name, 1, getdate(doc.discharge_date))
	]
	found = sources(plan.name)
	assert list(found.values()) == [["policy"]] * 2 + [["pathway:After Cholecystectomy"]] * 2
	assert plan.planned_contacts == 4


def test_the_newest_approved_version_counts_and_a_running_plan_keeps_its_own() -> None:
	first = approved()
	doc = stay()
	second = frappe.copy_doc(first, ignore_no_copy=False)
	second.update({"version": 0, "status": "Approved", "sign_off": "Administrator"})
	second.set("steps", [row for row in second.steps if row.offset == 1])
	second.insert()
	other = stay()
	assert [row.pathway for row in frappe.get_doc("Follow-up Plan", other.plan).pathways] == [second.name]
	assert [row.pathway for row in frappe.get_doc("Follow-up Plan", doc.plan).pathways] == [first.name]
	planning.replan(doc.plan)
	assert [row.pathway for row in frappe.get_doc("Follow-up Plan", doc.plan).pathways] == [second.name]
	open_tasks = factories.tasks_of(doc.plan, status=("in", ("Scheduled", "Open")))
	assert len(open_tasks) == 3


def test_a_visit_of_a_pathway_is_expected_once() -> None:
	approved()
	doc = stay()
	due = month_after(doc.discharge_date) + timedelta(days=2)
	assert expected(doc.plan) == [(due, "Expected", "Care Pathway")]
	planning.replan(doc.plan)
	doc.save()
	assert expected(doc.plan) == [(due, "Expected", "Care Pathway")]


@pytest.mark.parametrize(("apart", "count"), [(0, 1), (7, 1), (8, 2)])
def test_the_visit_that_the_discharge_names_is_not_expected_twice(apart: int, count: int) -> None:
	approved()
	first = stay()
	due = month_after(first.discharge_date) + timedelta(days=2)
	doc = stay(revisit_date=due + timedelta(days=apart))
	assert len(expected(doc.plan)) == count


def test_a_visit_goes_with_its_pathway_and_comes_back_with_it() -> None:
	approved()
	doc = stay()
	codes = [row.code for row in doc.diagnoses]
	doc.diagnoses[0].code = "I10"
	doc.save()
	assert [status for _day, status, _origin in expected(doc.plan)] == ["Cancelled"]
	doc.diagnoses[0].code = codes[0]
	doc.save()
	assert [status for _day, status, _origin in expected(doc.plan)] == ["Expected"]


def test_a_visit_moves_with_the_discharge() -> None:
	approved()
	doc = stay()
	doc.discharge_date = getdate(doc.discharge_date) - timedelta(days=3)
	doc.save()
	due = month_after(doc.discharge_date) + timedelta(days=2)
	assert expected(doc.plan) == [(due, "Expected", "Care Pathway")]


def test_days_of_a_visit_are_a_number() -> None:
	with pytest.raises(InvalidValueError, match="0 to"):
		saved("Care Pathway", steps=[{**STEPS[0], "revisit_after_days": "400"}])
