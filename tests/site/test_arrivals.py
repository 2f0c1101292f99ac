"""Discharges arrive by form, REST and spreadsheet: one at a time, a thousand at a time, twice at the same moment."""

from __future__ import annotations

import csv
import io
from collections import Counter

import frappe
import pytest
from frappe.core.doctype.data_import.data_import import start_import
from frappe.utils import add_days, today

from hospital_followup.services.reconcile import undecided_count
from hospital_followup.tests import factories
from tests.stack.connection import Site
from tests.support import frappe_health as hospital
from tests.support.processes import together

pytestmark = pytest.mark.commits

DISCHARGE, PATIENT, PLAN, TASK, RUN = (
	"Patient Discharge",
	"Follow-up Patient",
	"Follow-up Plan",
	"Follow-up Task",
	"Follow-up Run",
)
ROWS = 1_000


@pytest.fixture(autouse=True)
def _policy() -> None:
	factories.standard_policy()
	frappe.db.commit()  # reason: other processes must see it


class TestRest:
	@pytest.fixture
	def values(self) -> dict:
		patient = factories.patient()
		return {
			"patient": patient.name,
			"discharge_date": today(),
			"given_risk_tier": "High",
			"external_id": "HIS-1",
		}

	def test_the_answer_shows_the_plan(self, values, rest) -> None:
		answer = rest("Follow-up Specialist").insert(DISCHARGE, values)
		doc = answer.json()["data"]
		assert (answer.status_code, doc["decision"], doc["risk_tier"]) == (200, "Planned", "High")
		assert frappe.db.count(TASK, {"plan": doc["plan"]}) == doc["planned_contacts"] > 0

	def test_twice_is_refused_and_names_the_first(self, values, rest) -> None:
		client = rest("Follow-up Specialist")
		first = client.insert(DISCHARGE, values).json()["data"]["name"]
		second = client.insert(DISCHARGE, values)
		assert second.status_code == 417 and "DuplicateRecordError" in second.text
		assert first in second.text
		frappe.db.rollback()
		assert frappe.db.count(DISCHARGE) == frappe.db.count(PLAN, {"purpose": "Discharge"}) == 1

	def test_a_refused_discharge_leaves_nothing_behind(self, values, rest) -> None:
		answer = rest("Follow-up Specialist").insert(
			DISCHARGE, {**values, "admission_date": add_days(today(), 1)}
		)
		assert answer.status_code == 417 and "InvalidPeriodError" in answer.text
		frappe.db.rollback()
		assert [frappe.db.count(doctype) for doctype in (DISCHARGE, PLAN, TASK, "Patient Tier")] == [
			0,
			0,
			0,
			0,
		]


class TestTheSameMoment:
	def test_two_programs_send_the_same_discharge(self, site: Site) -> None:
		patient = factories.patient().name
		frappe.db.commit()  # reason: other processes must see it
		insert = f"""
			try:
				frappe.get_doc({{
					"doctype": "Patient Discharge", "patient": {patient!r}, "discharge_date": {today()!r},
					"given_risk_tier": "High", "external_id": "HIS-1",
				}}).insert()
				print("inserted")
			except (frappe.ValidationError, frappe.QueryDeadlockError) as error:
				frappe.db.rollback()
				print(type(error).__name__)
		"""
		said = together(site, insert, insert, insert)
		assert sum("inserted" in text for text in said) == 1
		assert frappe.db.count(DISCHARGE) == frappe.db.count(PLAN) == 1

	@pytest.mark.site("health")
	def test_one_stay_is_saved_by_several_at_once(self, site: Site) -> None:
		"""The hospital's form, a script and the reconciliation meet; the stay is known to none of them."""
		hospital.settings()
		patient = hospital.make_patient()
		hospital.admit(patient.name)
		stay = hospital.discharge(patient.name)
		forget_all()
		take_over = f"""
			from hospital_followup.services.dispatch import take_over
			from hospital_followup.services.retry import with_retry
			with_retry(lambda: take_over("Inpatient Record", {stay.name!r}))
		"""
		together(site, take_over, take_over, take_over)
		assert [frappe.db.count(doctype) for doctype in (DISCHARGE, PATIENT)] == [1, 1]
		assert frappe.db.count("Follow-up Department", {"department_name": "Cardiology"}) == 1

	@pytest.mark.site("health")
	def test_two_stays_of_one_new_patient_end_at_once(self, site: Site) -> None:
		hospital.settings()
		patient = hospital.make_patient()
		stays = []
		for days_ago in (60, 5):
			hospital.admit(patient.name, days_ago=days_ago)
			stays.append(hospital.discharge(patient.name).name)
		forget_all()
		programs = [
			f"""
			from hospital_followup.services.dispatch import take_over
			from hospital_followup.services.retry import with_retry
			with_retry(lambda: take_over("Inpatient Record", {name!r}))
			"""
			for name in stays
		]
		together(site, *programs)
		assert [frappe.db.count(doctype) for doctype in (DISCHARGE, PATIENT)] == [2, 1]


def forget_all() -> None:
	"""As if no event had ever arrived."""
	for doctype in (
		DISCHARGE,
		"Discharge Diagnosis",
		"Follow-up Department Mapping",
		"Follow-up Department",
		PATIENT,
	):
		frappe.db.delete(doctype)
	frappe.db.commit()  # reason: other processes must see it


class TestSpreadsheet:
	@pytest.fixture
	def rows(self) -> list[list[str]]:
		"""A thousand patients who left within the last week."""
		patients = [factories.patient(patient_id=f"P{number:04}") for number in range(20)]
		rows = []
		for number in range(ROWS):
			patient = patients[number % len(patients)]
			rows.append(
				[
					patient.name,
					add_days(today(), -(number % 7)),
					f"HIS-{number:04}",
					("High", "Medium", "Low")[number % 3],
				]
			)
		return rows

	@pytest.fixture
	def data_import(self, rows) -> frappe.model.document.Document:
		text = io.StringIO()
		writer = csv.writer(text)
		writer.writerow(["Patient", "Discharge Date", "External ID", "Given Risk Tier"])
		writer.writerows(rows)
		file = frappe.get_doc(
			{"doctype": "File", "file_name": "discharges.csv", "content": text.getvalue(), "is_private": 1}
		).insert()
		doc = frappe.get_doc(
			{
				"doctype": "Data Import",
				"reference_doctype": DISCHARGE,
				"import_type": "Insert New Records",
				"import_file": file.file_url,
			}
		).insert()
		frappe.db.commit()  # reason: the worker must see it
		return doc

	def test_a_thousand_rows_are_planned_in_the_background(self, data_import, worker) -> None:
		start_import(data_import.name)
		frappe.db.commit()  # reason: the import's job ends
		assert frappe.db.get_value("Data Import", data_import.name, "status") == "Success"
		assert frappe.db.count(DISCHARGE, {"decision": "Pending"}) == ROWS
		assert frappe.db.count(PLAN) == 0, "the import itself plans nothing"

		worker.run_until_empty()

		frappe.db.rollback()
		decided = Counter(frappe.get_all(DISCHARGE, pluck="decision", order_by="name"))
		assert sum(decided.values()) == ROWS and "Pending" not in decided
		assert undecided_count() == 0
		[run] = frappe.get_all(
			RUN, filters={"job": "plan"}, fields=["status", "total", "done", "failed"], order_by="creation"
		)
		assert (run.status, run.total, run.done, run.failed) == ("Finished", ROWS, ROWS, 0)
		assert frappe.db.count(PLAN) == decided["Planned"]

	def test_a_bad_row_does_not_stop_the_others(self, worker) -> None:
		names = [self.left_pending() for _each in range(30)]
		bad = sorted(names)[:3]
		for name in bad:
			frappe.db.set_value(DISCHARGE, name, "charlson", "many")  # written past the form's check
		frappe.db.commit()  # reason: the worker must see it

		worker.run_until_empty()

		frappe.db.rollback()
		pending = frappe.get_all(DISCHARGE, filters={"decision": "Pending"}, pluck="name", order_by="name")
		assert (pending, undecided_count()) == (bad, 3)
		run = frappe.get_last_doc(RUN, {"job": "plan"})
		assert (run.status, run.done, run.failed) == ("Finished", 27, 3)
		assert sorted(row.reference_name for row in run.errors) == bad

	def left_pending(self) -> str:
		"""A discharge as an import leaves it."""
		doc = frappe.get_doc(
			{
				"doctype": DISCHARGE,
				"patient": factories.patient().name,
				"discharge_date": today(),
				"given_risk_tier": "Low",
			}
		)
		doc.flags.plan_later = True
		return doc.insert().name
