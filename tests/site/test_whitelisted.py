"""Every method of the app that the web can call, called by those who must not: found by looking, not by a list."""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
from collections.abc import Callable
from typing import Any

import frappe
import pytest
from frappe.utils import add_days, now, today

import hospital_followup
from tests.site.rights import AD, DR, SP, SV, department, person, record, staff
from tests.stack.rest import Rest
from tests.stack.users import make_user

#: Methods that are told no record of a department, and what protects them instead.
NO_RECORD_OF_A_DEPARTMENT = {
	"hospital_followup.hidden_fields.get_count": "counts what a list would show (test_hidden_fields)",
	"hospital_followup.exports.export_report": "Frappe's own export of a report one may run (test_exports)",
	"hospital_followup.exports.export_list": "Frappe's own export of a list one may export (test_exports)",
	"hospital_followup.exports.export_records": "Frappe's own export of what one may export (test_exports)",
	"hospital_followup.report_api.list_behind": "filters of a list, which shows the caller's own (test_reports)",
	"hospital_followup.report_api.choices": "values in the records that the caller may see (test_reports)",
	"hospital_followup.api.undecided_discharges": "counts the caller's own list, and stays that no record exists of yet",
	"hospital_followup.contact_api.numbers_to_correct": "counts the caller's own patients (test_numbers)",
	"hospital_followup.api.patient_from_source": "reads a record of another app, which that app's permissions guard",
	"hospital_followup.insight_api.indicator_card": "counts in the caller's departments (test_insight_cards)",
	"hospital_followup.insight_api.waiting_card": "counts the caller's own list (test_insight_cards)",
	"hospital_followup.call_api.worklist": "lists what the caller may see (test_worklist)",
	"hospital_followup.call_api.find_patient": "finds whom the caller may see (test_inbound_calls)",
	"hospital_followup.desk.policy_overview": "a policy belongs to no patient; every role reads it",
	"hospital_followup.desk.check_policy": "a policy belongs to no patient; every role reads it",
	"hospital_followup.desk.try_questionnaire": "a questionnaire belongs to no patient; every role reads it",
	"hospital_followup.desk.new_policy_version": "for administrators only (test_policies)",
	"hospital_followup.desk.activate_policy": "for administrators only (test_policies)",
	"hospital_followup.desk.retire_policy": "for administrators only (test_policies)",
	"hospital_followup.script_desk.script_placeholders": "the documented list; every role reads it",
	"hospital_followup.script_desk.check_script": "a script belongs to no patient; every role reads it",
	"hospital_followup.script_desk.preview_script": "asks for the patient's own permission (test_script_desk)",
	"hospital_followup.script_desk.new_script_version": "for those who may create scripts (test_script_desk)",
	"hospital_followup.pathway_desk.draw_pathway": "a pathway belongs to no patient; every role reads it",
	"hospital_followup.pathway_desk.sign_off_pathway": "for doctors only (test_pathway_sign_off)",
	"hospital_followup.pathway_desk.plans_behind": "for administrators only (test_pathway_replan)",
	"hospital_followup.pathway_desk.preview_replan": "for administrators only (test_pathway_replan)",
	"hospital_followup.pathway_desk.replan_running_plans": "for administrators only (test_pathway_replan)",
	"hospital_followup.message_desk.message_placeholder_list": "the documented list; every role reads it",
	"hospital_followup.message_desk.check_message": "asks for the patient's own permission (test_message_desk)",
	"hospital_followup.message_desk.new_message_version": "for those who may create templates (test_message_desk)",
	"hospital_followup.rule_api.alert_rule_questions": "questions belong to no patient; every role reads them",
	"hospital_followup.rule_api.simulate_alert_rule": "looks at what the caller may see (test_alert_simulation)",
	"hospital_followup.rule_api.try_words": "looks at the words it is given",
	"hospital_followup.health_api.checks": "says how the machinery runs, nothing of a patient (test_health)",
	"hospital_followup.health_api.banner": "says how the machinery runs, nothing of a patient (test_health)",
	"hospital_followup.provider_api.provider_state": "an account belongs to no patient; for administrators (test_provider_trial)",
	"hospital_followup.provider_api.send_test": "an account belongs to no patient; for administrators (test_provider_trial)",
	"hospital_followup.provider_api.callback_address": "an account belongs to no patient; for administrators (test_provider_trial)",
	"hospital_followup.provider_api.what_would_go_out": "counts the queue; for administrators (test_provider_trial)",
	"hospital_followup.provider_api.switch_on_again": "the switch is the site's; for administrators (test_provider_trial)",
	"hospital_followup.programme_rule_api.try_programme_rule": "for administrators, who see their own (test_programme_rules)",
	"hospital_followup.simulator_api.simulator_defaults": "names of policies and pathways, which belong to no patient",
	"hospital_followup.simulator_api.simulate": "counts discharges that the caller may see (test_simulator_files)",
	"hospital_followup.simulator_api.simulation_state": "the caller's own question only (test_simulator_files)",
	"hospital_followup.simulator_api.stop_simulation": "the caller's own question only (test_simulator_files)",
	"hospital_followup.simulator_api.download_simulation": "the caller's own question only (test_simulator_files)",
	"hospital_followup.simulator_api.download_policy": "a policy belongs to no patient; for administrators (test_simulator_files)",
	"hospital_followup.simulator_api.download_pathways": "a pathway belongs to no patient; for administrators (test_simulator_files)",
	"hospital_followup.rule_api.alert_rule_yields": "counts of rules, which belong to no patient; every role reads them",
}
#: What a patient's browser calls without signing in: the token of a page is the key (test_patient_page).
PAGE = "hospital_followup.page_api."
#: What message services call: the signature of each is the key (test_message_callbacks).
CALLBACK = "hospital_followup.callback_api.receive"
OPEN_TO_GUESTS = (PAGE, CALLBACK)
REFUSED = (401, 403)


def methods() -> dict[str, Callable[..., Any]]:
	"""Every whitelisted function of the app by its path; methods of documents are called through run_doc_method."""
	for module in pkgutil.walk_packages(hospital_followup.__path__, "hospital_followup."):
		if not module.name.endswith(("__main__", ".hooks")):
			importlib.import_module(module.name)
	found = {
		f"{function.__module__}.{function.__qualname__}": function
		for function in frappe.whitelisted
		if function.__module__.startswith("hospital_followup.")
	}
	return dict(sorted(found.items()))


def guarded() -> dict[str, Callable[..., Any]]:
	"""All but those that a page's token or a service's signature guards."""
	return {path: function for path, function in methods().items() if not path.startswith(OPEN_TO_GUESTS)}


def arguments(function: Callable[..., Any], ward: str) -> dict[str, Any]:
	"""Something for every argument that must be given, about records of `ward`."""
	patient = record("Follow-up Patient", department=ward, patient_name="Wang")
	discharge = record("Patient Discharge", department=ward, patient=patient.name, discharge_date=today())
	plan = record("Follow-up Plan", department=ward, patient=patient.name, status="Active")
	task = record("Follow-up Task", department=ward, patient=patient.name, plan=plan.name, status="Open")
	samples = {
		"name": discharge.name,
		"patient": patient.name,
		"revisit": lambda: (
			record("Follow-up Revisit", department=ward, patient=patient.name, expected_on=today()).name
		),
		"practitioner": "Dr Li",
		"start": f"{add_days(today(), 1)} 09:00:00",
		"kind": "Revisit",
		"policy": frappe.db.get_value("Follow-up Policy", {"status": "Active"}),
		"draft": {"doctype": "Follow-up Policy", "title": "Another", "rules": []},
		"status": "Paused",
		"script": frappe.db.get_value("Follow-up Script", {"status": "Approved"}),
		"template": frappe.db.get_value("Message Template", {"status": "Approved"}),
		"pathway": frappe.db.get_value("Care Pathway", {"status": "Draft"}),
		"title": "After Surgery",
		"pathways": lambda: json.dumps([frappe.db.get_value("Care Pathway", {"status": "Draft"})]),
		"question": {},
		"simulation": "of nobody",
		"seen": now(),
		"purpose": "Clinical",
		"channel": "SMS",
		"way": "In Person",
		"discharge": discharge.name,
		"export": lambda: record("Follow-up Research Export", title="Study").name,
		"plan": plan.name,
		"rule": lambda: record("Programme Rule", title=frappe.generate_hash()).name,
		"enrolment": lambda: (
			record("Programme Enrolment", department=ward, patient=patient.name, status="Paused").name
		),
		"task": task.name,
		"alert": lambda: record("Follow-up Alert", department=ward, patient=patient.name, status="Open").name,
		"log": lambda: record("Follow-up Log", department=ward, patient=patient.name, task=None).name,
		"answer": "Rest.",
		"judgement": "True",
		"tasks": [task.name],
		"staff": lambda: staff(make_user(SP), SP, ward).name,
		"user": lambda: make_user(SP),
		"outcome": "No Answer",
		"reason": "because",
		"field": "doctor",
		"measure": "alerts",
		"filters": {},
		"report_name": "Follow-up Performance",
		"risk_tier": "High",
		"due_date": add_days(today(), 1),
		"changes": {"notes": "said"},
		"text": "Wang",
		"words": "pain",
		"from_date": today(),
		"to_date": today(),
		"whose": "Patient",
		"number": "13911112222",
		"answers": {},
		"step": "up",
		"day": today(),
		"doctype": "Follow-up Patient",
		"source_doctype": "Contact",
		"provider": lambda: (
			record("Follow-up Provider", title=frappe.generate_hash(), provider="Email Account").name
		),
		"source_name": lambda: frappe.get_doc({"doctype": "Contact", "first_name": "Wang"}).insert().name,
	}
	needed = [
		name
		for name, parameter in inspect.signature(function).parameters.items()
		if parameter.default is inspect.Parameter.empty
	]
	assert set(needed) <= set(samples), f"say in this test what {function.__name__} is to be called with"
	return {name: samples[name]() if callable(samples[name]) else samples[name] for name in needed}


def test_every_method_of_the_app_is_a_function() -> None:
	"""Methods of documents would need a test of their own: Frappe calls them through run_doc_method."""
	assert [path for path, function in methods().items() if "." in function.__qualname__] == []


def test_frappe_checks_the_type_of_every_argument() -> None:
	"""It looks at annotations only where they are types: one kept as text, or none at all, lets anything through."""
	unchecked = [
		f"{path}: {name}"
		for path, function in methods().items()
		for name, parameter in inspect.signature(function).parameters.items()
		if parameter.annotation is inspect.Parameter.empty or isinstance(parameter.annotation, str)
	]
	assert unchecked == []


def test_only_the_patients_page_and_the_callbacks_are_open_to_guests() -> None:
	open_to_guests = {path for path, function in methods().items() if function in frappe.guest_methods}
	assert open_to_guests == set(methods()) - set(guarded())


def test_without_a_token_the_patients_page_shows_nothing(rest: Callable[..., Rest]) -> None:
	for path in set(methods()) - set(guarded()) - {CALLBACK}:
		answer = rest().call(path, token="a" * 32)
		assert answer.json()["message"]["state"] == "gone"


def test_without_a_signature_the_callbacks_take_nothing(rest: Callable[..., Rest]) -> None:
	for client in (rest(), rest(AD)):
		for answer in (client.call(CALLBACK), client.get(f"/api/method/{CALLBACK}")):
			assert (answer.status_code, answer.text) == (403, "")


def test_guests_and_strangers_are_refused_everywhere(rest: Callable[..., Rest]) -> None:
	ward = department("Cardiology")
	calls = {path: arguments(function, ward) for path, function in guarded().items()}
	guest, stranger = rest(), rest(user=person())
	for path, values in calls.items():
		for who, client in {"Guest": guest, "a user without a role": stranger}.items():
			answer = client.call(path, **values)
			assert answer.status_code in REFUSED, f"{who} called {path}: {answer.text[:500]}"


def test_another_department_is_refused_everywhere(rest: Callable[..., Rest]) -> None:
	ward = department("Cardiology")
	calls = {path: arguments(function, ward) for path, function in guarded().items()}
	surgery = department("Surgery")
	clients = {role: rest(user=person(role, departments=(surgery,))) for role in (SP, DR, SV, AD)}
	for path, values in calls.items():
		if path in NO_RECORD_OF_A_DEPARTMENT:
			continue
		for role, client in clients.items():
			answer = client.call(path, **values)
			assert answer.status_code in REFUSED, f"{role} called {path}: {answer.text[:500]}"


def test_a_method_that_writes_answers_no_get(rest: Callable[..., Rest]) -> None:
	allowed = {
		path: frappe.allowed_http_methods_for_whitelisted_func[function]
		for path, function in methods().items()
	}
	writing = [path for path, verbs in allowed.items() if verbs == ["POST"]]
	assert writing
	client = rest(AD)
	for path in writing:
		assert client.get(f"/api/method/{path}").status_code == 403


@pytest.mark.parametrize("path", NO_RECORD_OF_A_DEPARTMENT)
def test_the_exceptions_still_exist(path: str) -> None:
	assert path in methods()
