"""How a script comes into use and out of it again: clinical sign-off, its roles, and versions."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import frappe
import pytest
from frappe.model.document import Document
from frappe.model.workflow import WorkflowPermissionError, apply_workflow, get_transitions
from frappe.utils import add_days, today

from hospital_followup.exceptions import ReviewDateError, TemplateError, VersionLockedError
from hospital_followup.services import scripts, versions
from tests.site.rights import AD, DR, SP, SV
from tests.site.samples import saved
from tests.site.scripts_in_use import HYPERTENSION, SCRIPT, context, in_use, stay
from tests.stack.rest import Rest

As = Callable[..., AbstractContextManager[str]]


class TestSignOff:
	def test_from_draft_to_the_next_call(self, as_user: As) -> None:
		with as_user(AD):
			script = saved(SCRIPT, condition="I10", audience="Older Person")
			apply_workflow(script, "Send for Sign-off")
			assert (script.reload().status, script.workflow_state) == ("Draft", "Script in Review")
			assert {row["action"] for row in get_transitions(script)} == {"Send Back to Draft"}
		call = context(stay=stay(HYPERTENSION, age=70))
		assert scripts.choose_script(call) != script.name
		with as_user(DR) as doctor:
			script = apply_workflow(frappe.get_doc(SCRIPT, script.name), "Approve Script")
		assert (script.status, script.workflow_state, script.approved_by) == (
			"Approved",
			"Script Approved",
			doctor,
		)
		assert script.approved_on
		assert scripts.choose_script(call) == script.name
		with as_user(AD):
			apply_workflow(frappe.get_doc(SCRIPT, script.name), "Retire Script")
		assert scripts.choose_script(call) != script.name

	@pytest.mark.parametrize(
		("role", "draft", "review"),
		[
			(SP, set(), set()),
			(SV, {"Send for Sign-off"}, {"Send Back to Draft"}),
			(AD, {"Send for Sign-off"}, {"Send Back to Draft"}),
			(DR, {"Send for Sign-off"}, {"Approve Script", "Send Back to Draft"}),
		],
	)
	def test_each_role_is_offered_its_own_steps(
		self, as_user: As, role: str, draft: set[str], review: set[str]
	) -> None:
		first, second = saved(SCRIPT), saved(SCRIPT)
		apply_workflow(second, "Send for Sign-off")
		with as_user(role):
			for script, steps in ((first, draft), (second, review)):
				offered = get_transitions(frappe.get_doc(SCRIPT, script.name))
				assert {row["action"] for row in offered} == steps

	@pytest.mark.parametrize(
		("role", "state", "code"),
		[
			(SP, "Script in Review", 403),
			(SV, "Script in Review", 417),
			(AD, "Script in Review", 417),
			(DR, "Script Draft", 417),
			(DR, "Script in Review", 200),
		],
	)
	@pytest.mark.commits
	def test_rest_obeys_the_same_steps(
		self, rest: Callable[..., Rest], role: str, state: str, code: int
	) -> None:
		script = saved(SCRIPT)
		if state != "Script Draft":
			apply_workflow(script, "Send for Sign-off")
		frappe.db.commit()  # reason: the server must see it
		answer = rest(role).put(f"/api/resource/{SCRIPT}/{script.name}", {"status": "Approved"})
		assert answer.status_code == code
		frappe.db.rollback()  # a fresh view of what the server has committed
		status = frappe.db.get_value(SCRIPT, script.name, "status")
		assert status == ("Approved" if code == 200 else "Draft")

	@pytest.mark.parametrize(("review_by", "words"), [(None, "when this text"), (-1, "has passed")])
	def test_needs_the_day_of_the_next_review(self, as_user: As, review_by: int | None, words: str) -> None:
		script = saved(SCRIPT, review_by=review_by and add_days(today(), review_by))
		apply_workflow(script, "Send for Sign-off")
		with as_user(DR), pytest.raises(ReviewDateError, match=words):
			apply_workflow(frappe.get_doc(SCRIPT, script.name), "Approve Script")

	def test_a_state_of_the_hospitals_own_fits_in(self, as_user: As) -> None:
		add_pharmacy_state()
		script = saved(SCRIPT)
		apply_workflow(script, "Send for Sign-off")
		with as_user(DR):
			script = apply_workflow(frappe.get_doc(SCRIPT, script.name), "Ask the Pharmacist")
			assert (script.status, script.workflow_state) == ("Draft", "With the Pharmacist")
			script.inquiry = "疼吗？"
			script.save()
			script = apply_workflow(frappe.get_doc(SCRIPT, script.name), "Approve Script")
		assert (script.status, script.workflow_state) == ("Approved", "Script Approved")

	def test_without_a_workflow_the_status_decides(self) -> None:
		frappe.db.set_value("Workflow", {"document_type": SCRIPT}, "is_active", 0)
		frappe.clear_cache(doctype=SCRIPT)
		frappe.cache.delete_value("workflow")
		script = saved(SCRIPT, condition="I10", audience="Older Person")
		script.status = "Approved"
		script.save()
		assert scripts.choose_script(context(stay=stay(HYPERTENSION, age=70))) == script.name

	def test_nobody_skips_the_review(self, as_user: As) -> None:
		script = saved(SCRIPT)
		with as_user(DR), pytest.raises(WorkflowPermissionError):
			script = frappe.get_doc(SCRIPT, script.name)
			script.status = "Approved"
			script.save()


class TestVersions:
	def test_the_next_one_takes_the_place_of_the_former(self) -> None:
		first = in_use()
		second = frappe.get_doc(SCRIPT, versions.new_version(SCRIPT, first))
		assert (second.version, second.status, second.approved_by) == (2, "Draft", None)
		second.opening = "您好，打扰了"
		second.save()
		assert frappe.db.get_value(SCRIPT, first, "status") == "Approved"
		approve(second)
		row = frappe.db.get_value(SCRIPT, first, ["status", "workflow_state", "opening"], as_dict=True)
		assert (row.status, row.workflow_state, row.opening) == ("Retired", "Script Retired", "您好")

	def test_of_another_title_or_language_it_leaves_alone(self) -> None:
		other = in_use(language="en")
		script = saved(SCRIPT, title=frappe.db.get_value(SCRIPT, other, "title"), language="zh")
		approve(script)
		approve(saved(SCRIPT))
		assert frappe.db.get_value(SCRIPT, other, "status") == "Approved"

	def test_one_that_would_not_be_saved_today_can_be_retired(self, as_user: As) -> None:
		name = in_use()
		frappe.db.set_value(SCRIPT, name, "inquiry", "{{ of_an_earlier_release }}")
		with as_user(DR):
			script = apply_workflow(frappe.get_doc(SCRIPT, name), "Retire Script")
		assert (script.status, script.workflow_state) == ("Retired", "Script Retired")
		script.status = "Approved"
		with pytest.raises(TemplateError):
			script.save()

	@pytest.mark.parametrize("field", ["opening", "closing", "condition", "audience", "purpose", "language"])
	def test_what_was_in_use_is_never_altered(self, field: str) -> None:
		script = frappe.get_doc(SCRIPT, in_use())
		script.set(field, {"audience": "Child", "purpose": "Satisfaction", "language": "en"}.get(field, "x"))
		with pytest.raises(VersionLockedError):
			script.save()


def approve(script: Document) -> None:
	apply_workflow(script, "Send for Sign-off")
	apply_workflow(frappe.get_doc(SCRIPT, script.name), "Approve Script")


def add_pharmacy_state() -> None:
	"""What an administrator does in the forms Workflow State, Workflow Action Master and Workflow."""
	frappe.get_doc({"doctype": "Workflow State", "workflow_state_name": "With the Pharmacist"}).insert()
	frappe.get_doc(
		{"doctype": "Workflow Action Master", "workflow_action_name": "Ask the Pharmacist"}
	).insert()
	workflow = frappe.get_doc("Workflow", {"document_type": SCRIPT})
	workflow.append(
		"states",
		{
			"state": "With the Pharmacist",
			"doc_status": "0",
			"allow_edit": "All",
			"update_field": "status",
			"update_value": "Draft",
		},
	)
	steps = (
		("Script in Review", "Ask the Pharmacist", "With the Pharmacist"),
		("With the Pharmacist", "Approve Script", "Script Approved"),
	)
	for before, action, after in steps:
		workflow.append(
			"transitions", {"state": before, "action": action, "next_state": after, "allowed": DR}
		)
	workflow.save()
