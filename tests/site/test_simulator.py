"""The simulator plans as the planner does, writes nothing, and compares with what is in force."""

from __future__ import annotations

from typing import Any

import frappe
import pytest
from frappe.utils import getdate, today
from freezegun import freeze_time

from hospital_followup.engine.plan import plan
from hospital_followup.engine.tiering import assess
from hospital_followup.exceptions import InvalidPeriodError, InvalidValueError, SimulationGoneError
from hospital_followup.services import planning, policies, simulation_runs
from hospital_followup.services.simulation import Scenario, made_up_discharges, past_discharges, past_names
from hospital_followup.services.simulation_answer import answer
from hospital_followup.services.simulation_choice import MADE_UP, Proposed, chosen, read_question
from hospital_followup.services.wording import sentence
from hospital_followup.tests import factories
from tests.site.message_samples import every_day
from tests.site.simulations import contacts_of, day, dense_policy, discharge, pathway, question, tasks_of
from tests.stack.users import make_user
from tests.support.queries import count_queries

GALLSTONES = [{"code": "K80.2", "title": "胆囊结石", "primary": 1}]
TIERS = ("High", "Medium", "Low")
MIX = {
	f"{kind}_{tier.lower()}": share
	for kind in ("risk", "value")
	for tier, share in zip(TIERS, (20, 30, 50), strict=True)
}


@pytest.fixture(autouse=True)
def _standard_policy(site: Any) -> None:
	frappe.db.delete("Patient Discharge")
	factories.standard_policy()


def made_up(policy: str, **values: Any) -> dict[str, Any]:
	given = {"source": MADE_UP, "per_day": 4, "pathway_percent": 40, **MIX, **values}
	return question(policy, **{"from_date": day(0), "to_date": day(9), **given})


def active() -> str:
	return frappe.db.get_value("Follow-up Policy", {"status": "Active"}, "name")


def everything() -> dict[str, list]:
	doctypes = frappe.get_all(
		"DocType", filters={"module": "Hospital Followup", "issingle": 0}, pluck="name", order_by="name"
	)
	return {
		doctype: frappe.get_all(doctype, fields=["*"], order_by="name", as_list=True) for doctype in doctypes
	}


def stays(**flags: bool) -> list[str]:
	"""Of every risk tier, of two days, with and without the pathway's diagnosis; one that died, one to be visited."""
	names = []
	for number, tier in enumerate(TIERS * 2):
		patient = factories.patient(special_care=number == 4)
		factories.value(patient.name, TIERS[number % 2])
		names.append(
			discharge(
				patient.name,
				discharge_date=day(-7 * (number % 2)),
				given_risk_tier=tier,
				diagnoses=GALLSTONES if number < 4 else [],
				**flags,
			).name
		)
	names.append(discharge(discharge_date=day(-2), disposition="Deceased", **flags).name)
	return names


def plan_for_real(names: list[str]) -> None:
	"""Each on the day of its discharge."""
	for name in sorted(
		names, key=lambda one: frappe.db.get_value("Patient Discharge", one, "discharge_date")
	):
		date = getdate(frappe.db.get_value("Patient Discharge", name, "discharge_date"))
		with freeze_time(f"{date} 04:00:00"):
			planning.plan_discharges([name], cause="test")


def test_what_planning_then_writes() -> None:
	names, draft, new = stays(later=True), dense_policy(), pathway()
	found = contacts_of(draft.name, [new.name], day(-30), day(0))
	policies.activate(draft.name)
	new.update({"status": "Approved", "sign_off": "Administrator"})
	new.save()
	plan_for_real(names)
	assert found == {name: tasks_of(name) for name in found}
	assert set(found) == set(names)
	planned = [contacts for contacts in found.values() if contacts]
	assert len(planned) == 6 and any("pathway:" in key for one in planned for key, *_rest in one)


def test_of_a_patient_who_came_back() -> None:
	"""The earlier stay's contacts end with the admission, and those that took place count in the cap of the later one."""
	patient, draft = factories.patient().name, dense_policy()
	first = discharge(patient, later=True, discharge_date=day(-9)).name
	again = discharge(patient, later=True, discharge_date=day(-5), admission_date=day(-6)).name
	found = contacts_of(draft.name, [], day(-30), day(0))
	policies.activate(draft.name)
	plan_for_real([first])
	for task in frappe.get_all("Follow-up Task", filters={"discharge": first}, fields=["name", "due_date"]):
		frappe.db.set_value(
			"Follow-up Task", task.name, {"status": "Completed", "completed_on": task.due_date}
		)
	plan_for_real([again])
	assert found[again] == tasks_of(again)
	assert found[first] == tasks_of(first)
	assert all(due < day(-6) for _key, due, *_rest in found[first]) and found[first]


def test_the_same_contacts_as_the_engine_gives() -> None:
	"""Made-up discharges through the whole of the services, against the engine alone."""
	new = pathway()
	given = read_question(made_up(active(), pathways=[new.name]))
	configuration = Proposed(chosen(given.policy, given.pathways))
	scenario = Scenario(configuration, given.since)
	followed = 0
	for item in made_up_discharges(given.volume, [one.pathway for one in configuration.pathways()]):
		config = configuration.for_discharge(None, None, item.facts.discharge_date).config
		tier = assess(item.facts, item.patient, item.value, None, config)
		contacts = plan(item.facts, item.patient, tier, config, key=f"{item.facts.id}|Discharge").contacts
		assert scenario.plan(item) == contacts
		followed += any("pathway:" in source for one in contacts for source in one.sources)
	assert 5 < followed < 30


def test_a_plan_that_runs_already_changes_nothing() -> None:
	"""Past discharges have plans, tasks and hidden results of the past; the question is what would be made of them now."""
	names, draft = stays(), dense_policy()
	before = contacts_of(draft.name, [], day(-30), day(0))
	assert set(before) == set(names)
	for name in names[:3]:
		frappe.db.set_value("Follow-up Task", {"discharge": name}, "status", "Missed")
	assert contacts_of(draft.name, [], day(-30), day(0)) == before


def test_nothing_is_written() -> None:
	stays()
	draft, new = dense_policy(), pathway()
	before = everything()
	for given in (question(draft.name, pathways=[new.name]), made_up(draft.name, pathways=[new.name])):
		assert simulation_runs.start(given)["answer"]["discharges"] > 0
	assert everything() == before


def test_it_costs_as_many_queries_for_many_discharges() -> None:
	draft = dense_policy()

	def ask() -> None:
		answer(read_question(question(draft.name)))

	stays()
	ask()  # Frappe reads its own doctypes once
	few = count_queries(ask)
	for _number in range(4):
		stays()
	assert count_queries(ask) == few


def test_the_same_question_gives_the_same_answer() -> None:
	stays()
	for given in (question(active()), made_up(active())):
		first, second = (simulation_runs.start(given)["answer"] for _time in range(2))
		assert frappe.as_json(first) == frappe.as_json(second)


def numbers(found: dict[str, Any], label: str) -> tuple[float, float, float]:
	row = next(row for row in found["comparison"] if row["label"] == label)
	return row["now"], row["then"], row["change"]


def test_what_is_in_force_differs_from_itself_in_nothing() -> None:
	stays()
	used = pathway(status="Approved", sign_off="Administrator", review_by=day(90))
	found = answer(read_question(question(active(), pathways=[used.name])))
	assert found["discharges"] == 7
	assert {row["change"] for row in found["comparison"] if "change" in row} == {0}


def test_the_comparison_with_what_is_in_force() -> None:
	names, draft = stays(), dense_policy()
	found = answer(read_question(question(draft.name)))
	now = sum(map(len, contacts_of(active(), [], day(-30), day(0)).values()))
	then = sum(map(len, contacts_of(draft.name, [], day(-30), day(0)).values()))
	assert numbers(found, "Contacts in all") == (now, then, then - now)
	assert then > now
	assert numbers(found, "Follow-up Doctor")[1] == 0
	assert {row["label"]: row["count"] for row in found["decisions"]} == {
		"Planned": 6,
		sentence("deceased"): 1,
	}
	assert len(names) == found["discharges"]


def test_what_only_today_has_is_in_the_spreadsheet_and_in_the_charts() -> None:
	stays()
	draft = dense_policy()
	found = answer(read_question(question(draft.name)))
	columns = {"Contacts as it is today": 0, "Contacts": 1}
	for column, place in columns.items():
		assert sum(row[column] for row in found["days"]) == numbers(found, "Contacts in all")[place] > 0
	assert [row["Date"] for row in found["days"]] == sorted({row["Date"] for row in found["days"]})
	now, then, _change = numbers(found, "Follow-up Doctor")
	assert now > then == 0
	(drawn,) = (one["chart"] for one in found["charts"] if one["title"].startswith("Follow-up Doctor"))
	sums = {part["name"]: sum(part["values"]) for part in drawn["data"]["datasets"]}
	assert sums["With This Choice"] == 0 and sums["As It Is Today"] > 0


def test_a_policy_of_a_department_leaves_the_others_as_they_are() -> None:
	ward, other = factories.department("Cardiology"), factories.department("Eyes")
	factories.discharge(department=ward, discharge_date=day(-1))
	factories.discharge(department=other, discharge_date=day(-1))
	draft = dense_policy(department=ward)
	found = contacts_of(draft.name, [], day(-30), day(0))
	by_ward = {
		frappe.db.get_value("Patient Discharge", name, "department"): len(one) for name, one in found.items()
	}
	assert by_ward == {ward: 3, other: 2}
	only = answer(read_question(question(draft.name, department=ward)))
	assert (only["discharges"], numbers(only, "Contacts in all")[1]) == (1, 3)


def test_a_matrix_with_a_hole_is_said_and_stops_nothing() -> None:
	stays()
	draft = dense_policy()
	draft.set("rules", [row for row in draft.rules if row.risk_tier != "High"])
	draft.save()
	found = answer(read_question(question(draft.name)))
	assert {"label": "The matrix has no row for this risk tier.", "count": 2} in found["decisions"]
	assert numbers(found, "Contacts in all")[1] > 0
	said = "2 of 7 discharges could not be planned with this choice."
	assert (found["headline"]["colour"], found["headline"]["failed"]) == ("red", said)
	for role in ("Follow-up Specialist", "Follow-up Doctor", "Follow-up Supervisor"):
		for user in (make_user(role), make_user(role)):
			factories.staff(user, role=role, capacity_per_day=50)
	frappe.db.set_single_value("Follow-up Settings", "default_calendar", every_day())
	found = answer(read_question(question(draft.name)))
	assert (found["headline"]["colour"], found["headline"]["title"]) == ("orange", said)
	assert found["headline"]["text"].startswith("5 discharges make")


def test_a_pathway_that_needs_an_enrolment_is_named() -> None:
	birth = pathway("Child", anchor="Expected Delivery", diagnoses=[])
	found = answer(read_question(question(active(), pathways=[birth.name])))
	assert any("Child" in note for note in found["notes"])


@pytest.mark.parametrize(
	("values", "error", "words"),
	[
		({"policy": ""}, InvalidValueError, "Choose a policy"),
		({"from_date": None}, InvalidValueError, "first and the last day"),
		({"from_date": "2026-01-02", "to_date": "2026-01-01"}, InvalidPeriodError, "before it begins"),
		({"from_date": "2025-01-01", "to_date": "2026-01-02"}, InvalidPeriodError, "more than a year"),
		({"source": MADE_UP, **MIX, "per_day": 0}, InvalidValueError, "1 to 2,000"),
		({"source": MADE_UP, **MIX, "per_day": 5, "risk_low": 60}, InvalidValueError, "add up to 100"),
		(
			{"source": MADE_UP, **MIX, "per_day": 5, "value_low": 60},
			InvalidValueError,
			"Value",
		),
		({"source": MADE_UP, **MIX, "per_day": 5, "pathway_percent": 101}, InvalidValueError, "0 and 100"),
		({"pathways": "K80"}, InvalidValueError, "pathways cannot be read"),
	],
)
def test_a_question_that_cannot_be_answered(values: dict, error: type, words: str) -> None:
	with pytest.raises(error, match=words):
		simulation_runs.start({**question(active()), **values})


def test_somebody_elses_simulation_is_nobodys(as_user: Any) -> None:
	name = simulation_runs.start(question(active()))["simulation"]
	assert simulation_runs.look(name)["status"] == "Finished"
	with as_user("Follow-up Supervisor"), pytest.raises(SimulationGoneError):
		simulation_runs.look(name)


def test_no_discharge_is_said_in_words() -> None:
	found = answer(read_question(question(active(), from_date=day(-300), to_date=day(-299))))
	assert found["headline"]["title"] == "There is no discharge in this period."
	assert found["charts"] == [] and found["overloads"] == []


def test_days_of_the_past_keep_what_took_place_before_them() -> None:
	"""A contact that was completed before the period counts in the cap of a stay that is simulated."""
	patient, draft = factories.patient().name, dense_policy()
	plan_of_before = factories.plan(patient)
	for number in (0, 1):
		factories.task(
			plan_of_before,
			patient=patient,
			status="Completed",
			completed_on=day(-11 + number),
			due_date=day(-11 + number),
		)
	name = discharge(patient, later=True, discharge_date=day(-9)).name
	found = contacts_of(draft.name, [], day(-9), day(0))
	policies.activate(draft.name)
	plan_for_real([name])
	assert found == {name: tasks_of(name)}
	free = factories.discharge(discharge_date=day(-9)).name
	assert [due for _key, due, *_rest in contacts_of(draft.name, [], day(-9), day(0))[free]] != [
		due for _key, due, *_rest in found[name]
	]


def test_the_names_are_in_the_order_of_their_days() -> None:
	stays()
	items = list(past_discharges(past_names(day(-30), getdate(today()))))
	dates = [item.facts.discharge_date for item in items]
	assert dates == sorted(dates) and len(dates) == 7
