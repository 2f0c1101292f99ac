"""Workflows that administrators change without code: a new state, a new action, and everything still works."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import frappe
import pytest
from frappe.model.document import Document
from frappe.model.workflow import WorkflowPermissionError, apply_workflow, get_transitions
from frappe.utils import add_days, today

from hospital_followup import jobs
from hospital_followup.services import plans
from hospital_followup.services.workflow_states import state_fields
from hospital_followup.setup.content import fixture_names, shipped
from hospital_followup.setup.workflows import seed_workflows
from tests.contract.rules_table import CELLS
from tests.site.rights import AD, DR, SP, SV, record
from tests.site.samples import saved

PLAN, TASK = "Follow-up Plan", "Follow-up Task"
WAITING = "Waiting for Doctor"
As = Callable[..., AbstractContextManager[str]]


@pytest.fixture
def plan() -> Document:
	"""The plan of a patient who was discharged yesterday at high risk."""
	patient = frappe.get_doc(
		{"doctype": "Follow-up Patient", "patient_id": frappe.generate_hash(length=8), "patient_name": "Wang"}
	).insert()
	discharge = frappe.get_doc(
		{
			"doctype": "Patient Discharge",
			"patient": patient.name,
			"discharge_date": add_days(today(), -1),
			"given_risk_tier": "High",
		}
	).insert()
	return frappe.get_doc(PLAN, frappe.db.get_value("Patient Discharge", discharge.name, "plan"))


def add_waiting_state(status: str = "Active") -> None:
	"""What an administrator does in the forms Workflow State, Workflow Action Master and Workflow."""
	frappe.get_doc({"doctype": "Workflow State", "workflow_state_name": WAITING, "style": "Warning"}).insert()
	for action in ("Ask the Doctor", "Doctor Has Answered"):
		frappe.get_doc({"doctype": "Workflow Action Master", "workflow_action_name": action}).insert()
	workflow = frappe.get_doc("Workflow", {"document_type": PLAN})
	state = {"state": WAITING, "doc_status": "0", "allow_edit": "All"}
	workflow.append("states", {**state, "update_field": "status", "update_value": status})
	steps = (
		("In Follow-up", "Ask the Doctor", WAITING),
		(WAITING, "Doctor Has Answered", "In Follow-up"),
		(WAITING, "Stop Follow-up", "Follow-up Stopped"),
	)
	for before, action, after in steps:
		workflow.append(
			"transitions", {"state": before, "action": action, "next_state": after, "allowed": DR}
		)
	workflow.save()


def tasks_of(plan: Document) -> list[str]:
	return frappe.get_all(TASK, {"plan": plan.name}, pluck="status", order_by="due_date, name")


def stands(plan: Document) -> tuple[str, str]:
	return frappe.db.get_value(PLAN, plan.name, ["status", "workflow_state"])


class TestShippedWorkflows:
	@pytest.mark.parametrize("outline", shipped("workflows"), ids=lambda outline: outline["document_type"])
	def test_every_status_has_a_state_and_every_state_a_status(self, outline: dict) -> None:
		doctype = outline["document_type"]
		statuses = frappe.get_meta(doctype).get_field("status").options.split("\n")
		mapped = list(dict.fromkeys(row["status"] for row in outline["states"]))
		# A plan is a draft only where a hospital's own workflow demands approval.
		assert mapped == [status for status in statuses if (doctype, status) != (PLAN, "Draft")]
		workflow = frappe.get_doc("Workflow", {"document_type": doctype})
		assert workflow.is_active
		assert {(row.update_field, row.update_value) for row in workflow.states} == {
			("status", status) for status in mapped
		}

	@pytest.mark.parametrize("outline", shipped("workflows"), ids=lambda outline: outline["document_type"])
	def test_who_takes_a_step_may_write_the_document(self, outline: dict) -> None:
		roles = {role for row in outline["transitions"] for role in row["roles"]}
		assert roles <= {role for role, letters in CELLS[outline["document_type"]].items() if "w" in letters}

	def test_their_states_and_actions_are_ours_outright(self) -> None:
		states = {row["state"] for outline in shipped("workflows") for row in outline["states"]}
		actions = {row["action"] for outline in shipped("workflows") for row in outline["transitions"]}
		assert states == set(fixture_names("Workflow State"))
		assert actions == set(fixture_names("Workflow Action Master"))

	def test_a_workflow_of_the_hospital_is_left_alone(self) -> None:
		workflow = frappe.get_doc("Workflow", {"document_type": PLAN})
		workflow.update({"is_active": 0}).save()
		seed_workflows()
		assert frappe.get_all("Workflow", {"document_type": PLAN}, pluck="is_active") == [0]

	def test_documents_that_were_there_before_get_the_state_of_their_status(self) -> None:
		docs = {status: record(PLAN, status=status) for status in ("Active", "Paused", "Stopped")}
		frappe.delete_doc("Workflow", frappe.db.get_value("Workflow", {"document_type": PLAN}))
		seed_workflows()
		states = {status: doc.reload().workflow_state for status, doc in docs.items()}
		assert states == {
			"Active": "In Follow-up",
			"Paused": "Follow-up Paused",
			"Stopped": "Follow-up Stopped",
		}


class TestPlan:
	def test_status_follows_the_state_when_a_person_uses_the_workflow(
		self, plan: Document, as_user: As
	) -> None:
		with as_user(DR):
			apply_workflow(plan, "Pause Follow-up")
		assert stands(plan) == ("Paused", "Follow-up Paused")
		with as_user(SV):
			apply_workflow(frappe.get_doc(PLAN, plan.name), "Stop Follow-up")
		assert stands(plan) == ("Stopped", "Follow-up Stopped")
		assert set(tasks_of(plan)) == {"Cancelled"}

	def test_the_state_follows_when_the_system_moves_the_plan(self, plan: Document) -> None:
		plans.move_plan(plan.name, "Paused", reason="readmitted")
		assert stands(plan) == ("Paused", "Follow-up Paused")
		plans.move_plan(plan.name, "Stopped", reason="deceased")
		assert stands(plan) == ("Stopped", "Follow-up Stopped")

	@pytest.mark.parametrize(
		("role", "actions"),
		[
			(SP, set()),
			(DR, {"Pause Follow-up", "Stop Follow-up"}),
			(SV, {"Pause Follow-up", "Stop Follow-up"}),
			(AD, {"Pause Follow-up"}),
		],
	)
	def test_each_role_is_offered_its_own_steps(
		self, plan: Document, as_user: As, role: str, actions: set[str]
	) -> None:
		with as_user(role):
			assert {row["action"] for row in get_transitions(plan)} == actions


class TestNewState:
	"""The state "Waiting for Doctor" and an action that leads to it, added through the ordinary forms."""

	def test_a_person_puts_a_plan_into_it_and_work_goes_on(self, plan: Document, as_user: As) -> None:
		add_waiting_state()
		before = tasks_of(plan)
		with as_user(DR):
			apply_workflow(frappe.get_doc(PLAN, plan.name), "Ask the Doctor")
		assert stands(plan) == ("Active", WAITING)
		assert tasks_of(plan) == before
		with as_user(DR):
			apply_workflow(frappe.get_doc(PLAN, plan.name), "Doctor Has Answered")
		assert stands(plan) == ("Active", "In Follow-up")

	def test_a_state_mapped_to_paused_holds_the_tasks(self, plan: Document, as_user: As) -> None:
		add_waiting_state(status="Paused")
		with as_user(DR):
			apply_workflow(frappe.get_doc(PLAN, plan.name), "Ask the Doctor")
		assert stands(plan) == ("Paused", WAITING)
		assert set(frappe.get_all(TASK, {"plan": plan.name}, pluck="on_hold")) == {1}

	def test_planning_again_leaves_the_state(self, plan: Document, as_user: As) -> None:
		add_waiting_state()
		with as_user(DR):
			apply_workflow(frappe.get_doc(PLAN, plan.name), "Ask the Doctor")
		discharge = frappe.get_doc("Patient Discharge", plan.discharge)
		discharge.given_risk_tier = "Medium"
		discharge.save()
		assert stands(plan) == ("Active", WAITING)
		assert frappe.db.get_value(PLAN, plan.name, "risk_tier") == "Medium"

	def test_new_plans_begin_where_they_did(self, as_user: As, request: pytest.FixtureRequest) -> None:
		add_waiting_state()
		assert stands(request.getfixturevalue("plan")) == ("Active", "In Follow-up")

	def test_the_system_moves_a_plan_out_of_it(self, plan: Document, as_user: As) -> None:
		add_waiting_state()
		with as_user(DR):
			apply_workflow(frappe.get_doc(PLAN, plan.name), "Ask the Doctor")
		plans.stop(plan.name, "deceased")
		assert stands(plan) == ("Stopped", "Follow-up Stopped")
		plans.undo_stop(plan.name)
		assert stands(plan) == ("Active", "In Follow-up")

	@pytest.mark.commits
	def test_jobs_go_on_with_it(self, plan: Document, as_user: As) -> None:
		add_waiting_state()
		with as_user(DR):
			apply_workflow(frappe.get_doc(PLAN, plan.name), "Ask the Doctor")
		frappe.db.set_value(TASK, {"plan": plan.name}, {"opens_on": today(), "status": "Scheduled"})
		frappe.db.commit()  # reason: the jobs commit what they do
		jobs.followup_dispatch_tick()
		jobs.followup_nightly()
		assert set(tasks_of(plan)) == {"Open"}
		assert stands(plan) == ("Active", WAITING)

	def test_lists_and_reports_count_it_by_its_status(self, plan: Document, as_user: As) -> None:
		add_waiting_state()
		with as_user(DR):
			apply_workflow(frappe.get_doc(PLAN, plan.name), "Ask the Doctor")
			active = frappe.get_list(PLAN, filters={"status": "Active"}, pluck="name", order_by="name")
		assert plan.name in active


class TestStatusAndStateOfTheOthers:
	def test_a_policy_is_activated_by_its_administrator(self, as_user: As) -> None:
		with as_user(AD):
			policy = frappe.get_doc("Follow-up Policy", {"status": "Active"})
			draft = frappe.copy_doc(policy, ignore_no_copy=False).insert()
			assert (draft.status, draft.workflow_state) == ("Draft", "Policy Draft")
			apply_workflow(draft, "Activate Policy")
		draft.reload()
		assert (draft.status, draft.workflow_state) == ("Active", "Policy Active")

	def test_the_state_follows_a_status_that_is_written(self, as_user: As) -> None:
		script = saved("Follow-up Script")
		apply_workflow(script, "Send for Sign-off")
		with as_user(DR):
			script = frappe.get_doc("Follow-up Script", script.name)
			script.status = "Approved"
			script.save()
		assert (script.reload().status, script.workflow_state) == ("Approved", "Script Approved")

	def test_writing_the_status_takes_the_role_of_the_step(self, as_user: As) -> None:
		script = saved("Follow-up Script")
		with as_user(SV):
			script = frappe.get_doc("Follow-up Script", script.name)
			script.status = "Approved"
			with pytest.raises(WorkflowPermissionError):
				script.save()

	def test_a_new_script_is_not_born_approved(self, as_user: As) -> None:
		with as_user(SV), pytest.raises(WorkflowPermissionError, match="Script Draft"):
			saved("Follow-up Script", status="Approved")

	def test_who_may_take_the_step_may_begin_with_it(self, as_user: As) -> None:
		rules = [row.as_dict() for row in frappe.get_doc("Follow-up Policy", {"status": "Active"}).rules]
		with as_user(AD):
			policy = frappe.get_doc(
				{"doctype": "Follow-up Policy", "title": "Ward", "status": "Active", "rules": rules}
			).insert()
		assert policy.reload().workflow_state == "Policy Active"

	def test_without_a_workflow_the_status_is_free(self) -> None:
		frappe.db.set_value("Workflow", {"document_type": "Follow-up Script"}, "is_active", 0)
		frappe.clear_cache(doctype="Follow-up Script")
		frappe.cache.delete_value("workflow")
		assert state_fields("Follow-up Script", "Approved") == {}
		assert saved("Follow-up Script", status="Approved").status == "Approved"

	def test_an_alert_goes_from_open_to_closed(self, as_user: As) -> None:
		told = {"answer_to_patient": "We are sorry.", "judgement": "True"}
		alert = saved("Follow-up Alert", kind="Satisfaction", **told)
		assert alert.workflow_state == "Alert Open"
		steps = {
			"Acknowledge Alert": "Acknowledged",
			"Work on Alert": "In Progress",
			"Answer Patient": "Answered",
			"Close Alert": "Closed",
		}
		with as_user(DR):
			for action, status in steps.items():
				apply_workflow(frappe.get_doc("Follow-up Alert", alert.name), action)
				assert frappe.db.get_value("Follow-up Alert", alert.name, "status") == status
