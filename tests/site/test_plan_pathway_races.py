"""Two people change the pathways of one plan at the same moment, through the live server: nothing is lost, nothing twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import frappe
import pytest

from hospital_followup.services import plan_pathways
from hospital_followup.tests import factories
from tests.site.pathway_samples import approved, stay
from tests.site.rights import DR
from tests.stack.rest import Rest
from tests.support.together import at_once

pytestmark = pytest.mark.commits

API = "hospital_followup.plan_pathway_api."
TITLES = ("Blood Pressure", "Diabetes", "Rehabilitation")


def rows(plan: str) -> list[Any]:
	frappe.db.rollback()  # a fresh view of what the server has committed
	return frappe.get_doc("Follow-up Plan", plan).pathways


def test_what_each_of_them_added_is_there(rest: Callable[..., Rest]) -> None:
	factories.standard_policy()
	pathways = [approved(title, diagnoses=[{"code": "I10"}]).name for title in TITLES]
	plan = stay().plan
	frappe.db.commit()  # reason: the server must see it
	client = rest(DR)
	answers = at_once(
		*[lambda name=name: client.call(API + "add_pathway", plan=plan, pathway=name) for name in pathways]
	)
	assert [answer.status_code for answer in answers] == [200] * 3, [answer.text[:500] for answer in answers]
	assert sorted(row.pathway for row in rows(plan)) == sorted(pathways)
	sources = {
		source
		for task in factories.tasks_of(plan, status=("!=", "Cancelled"))
		for source in frappe.get_all(
			"Follow-up Task Source", filters={"parent": task.name}, pluck="source", order_by="idx"
		)
	}
	assert sources == {"policy", *(f"pathway:{title}" for title in TITLES)}


def test_what_another_planning_wrote_meanwhile_is_what_is_changed(rest: Callable[..., Rest]) -> None:
	factories.standard_policy()
	pathway = approved()
	doc = stay()
	frappe.db.commit()  # reason: the server must see it
	client = rest(DR)
	(before,) = rows(doc.plan)  # this transaction reads as of now
	answer = client.call("hospital_followup.api.replan_discharge", name=doc.name)
	assert answer.status_code == 200, answer.text[:500]
	assert plan_pathways.end_pathway(doc.plan, pathway.title, "wound healed")
	frappe.db.commit()  # reason: seen as everybody sees it
	(after,) = rows(doc.plan)
	assert before.name != after.name
	assert after.ended_on and after.end_reason == "wound healed"


def test_the_same_pathway_is_added_once(rest: Callable[..., Rest]) -> None:
	factories.standard_policy()
	pathway = approved(TITLES[0], diagnoses=[{"code": "I10"}]).name
	plan = stay().plan
	frappe.db.commit()  # reason: the server must see it
	client = rest(DR)
	answers = at_once(*[lambda: client.call(API + "add_pathway", plan=plan, pathway=pathway)] * 3)
	assert sorted(answer.status_code for answer in answers) == [200, 417, 417]
	assert [row.pathway for row in rows(plan)] == [pathway]
