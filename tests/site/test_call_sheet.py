"""What stands on the call sheet, for whom, and that it costs the same however long the patient's history is."""

from __future__ import annotations

import frappe
import pytest
from frappe.utils import add_days, now_datetime

from hospital_followup import call_api
from hospital_followup.tests import factories as make
from tests.site.call_samples import LOG, advice, approved, contact, questionnaire, row
from tests.site.rights import AD, DR, SP, SV, department, person, record
from tests.site.samples import ready_for_approval
from tests.support.queries import count_queries

PARTS = {
	"answer",
	"task",
	"identity",
	"brief",
	"script",
	"questionnaire",
	"content",
	"draft",
	"state",
	"outcomes",
}


def script(**fields) -> str:
	values = {"language": "en", "opening": "Good morning.", "inquiry": "How are you?", **fields}
	return approved(ready_for_approval("Follow-up Script", **values)).name


class TestContent:
	def test_everything_at_a_glance(self) -> None:
		leaflet = advice(title="Call sheet advice")
		patient = make.patient(language="en", patient_id="P-98765", date_of_birth="1950-01-02")
		discharge = make.discharge(patient.name)
		task = make.tasks_of(discharge.plan)[0]
		frappe.db.set_value(
			"Follow-up Task", task.name, {"questionnaire": questionnaire(), "script": script()}
		)
		sheet = call_api.call_sheet(task.name)
		assert set(sheet) == PARTS
		assert [fact["value"] for fact in sheet["identity"]["facts"]][1] == "8765"
		assert len(sheet["identity"]["facts"]) >= 2
		assert sheet["identity"]["facts"][0]["value"] == "January 2, 1950"
		assert sheet["identity"]["verified"] is False
		assert [part["part"] for part in sheet["script"]["parts"]] == ["opening", "inquiry"]
		assert [asked["code"] for asked in sheet["questionnaire"]["questions"]] == [
			*("pain", "fever", "degrees", "wish")
		]
		assert sheet["state"]["visible"] == ["pain", "fever", "wish"]
		assert leaflet in [text["name"] for text in sheet["content"]]
		assert set(sheet["brief"]) == {"who", "why", "happened", "due"}
		assert (sheet["task"]["may_write"], sheet["task"]["may_log"]) == (True, True)
		assert sheet["draft"]["log"] is None

	@pytest.mark.parametrize(("born", "asked"), [("1950-01-02", False), (None, True)])
	def test_the_sex_is_no_proof_while_better_facts_are_known(self, born: str | None, asked: bool) -> None:
		patient = make.patient(language="en", patient_id="P-98765", date_of_birth=born, sex="Female")
		task = contact(patient=patient.name)
		frappe.db.set_value("Follow-up Task", task.name, {"discharge": None, "department": None})
		labels = [fact["label"] for fact in call_api.call_sheet(task.name)["identity"]["facts"]]
		assert ("Sex" in labels) is asked

	def test_without_script_and_questionnaire_it_still_opens(self) -> None:
		sheet = call_api.call_sheet(contact(channel="Home Visit").name)
		assert set(sheet) == PARTS

	@pytest.mark.parametrize(
		("channel", "has", "lacks"),
		[
			("Phone", {"Busy", "Voicemail", "Declined"}, {"Not Home", "Replied"}),
			("Home Visit", {"Not Home", "Declined"}, {"Busy", "Voicemail", "Replied"}),
			("WeChat", {"Replied", "No Answer"}, {"Not Home"}),
		],
	)
	def test_offers_what_can_happen_on_the_channel(self, channel: str, has: set, lacks: set) -> None:
		offered = call_api.call_sheet(contact(channel=channel).name)["outcomes"]
		names = {button["outcome"] for button in offered}
		assert has <= names
		assert not lacks & names
		assert {"Reached Patient", "Deceased", "Readmitted"} <= names
		digits = [button["digit"] for button in offered if button["digit"]]
		assert len(digits) == len(set(digits))

	def test_what_the_patient_already_got_is_marked(self) -> None:
		leaflet, task = advice(title="Given before"), contact()
		changes = {"guidance": [leaflet], "identity_verified": 1}
		call_api.log_inbound(task.patient, "Reached Patient", changes)
		shown = {text["name"]: text["given_on"] for text in call_api.call_sheet(task.name)["content"]}
		assert str(shown[leaflet]) == str(make.days_from_now())

	def test_a_closed_contact_shows_its_log(self) -> None:
		task = contact(asks=questionnaire())
		changes = {"answers": {"pain": 2, "fever": "no"}, "identity_verified": 1, "notes": "fine"}
		log = call_api.finish_call(task.name, "Reached Patient", changes)["log"]
		sheet = call_api.call_sheet(task.name)
		assert (sheet["draft"]["log"], sheet["draft"]["docstatus"]) == (log, 1)
		assert (sheet["draft"]["answers"], sheet["task"]["may_log"]) == ({"pain": "2", "fever": "No"}, False)

	def test_who_is_on_the_phone_stands_on_it(self, as_user) -> None:
		task = contact()
		with as_user(SP) as holder:
			call_api.start_call(task.name)
		assert call_api.call_sheet(task.name)["task"]["holder"]["user"] == holder


class TestWho:
	def test_own_department_only(self) -> None:
		ward, other = department("Cardiology"), department("Surgery")
		patient = make.patient(department=ward)
		task = record(
			"Follow-up Task", department=ward, patient=patient.name, status="Open", due_date=add_days(None, 0)
		)
		for role in (SP, DR, SV, AD):
			frappe.set_user("Administrator")
			insider, outsider = person(role, departments=(ward,)), person(role, departments=(other,))
			frappe.set_user(insider)
			assert call_api.call_sheet(task.name)["task"]["name"] == task.name
			frappe.set_user(outsider)
			with pytest.raises(frappe.PermissionError):
				call_api.call_sheet(task.name)

	def test_administrators_write_no_logs(self) -> None:
		task = contact()
		frappe.set_user(person(AD))
		assert call_api.call_sheet(task.name)["task"]["may_log"] is False
		for act in (call_api.start_call, lambda name: call_api.save_call(name, {"notes": "x"})):
			with pytest.raises(frappe.PermissionError):
				act(task.name)

	def test_a_colleague_reads_the_task_with_the_draft_of_another(self, as_user) -> None:
		task = contact()
		with as_user(SP):
			call_api.save_call(task.name, {"notes": "begun"})
		frappe.db.set_value("Follow-up Task", task.name, "claimed_until", add_days(now_datetime(), -1))
		with as_user(SP):
			assert call_api.call_sheet(task.name)["draft"]["notes"] == "begun"


class TestCost:
	def test_it_does_not_depend_on_the_history(self) -> None:
		task = contact(asks=questionnaire())
		script()
		leaflet = advice()
		call_api.save_call(task.name, {"answers": {"pain": 5}})
		history(task, 1, leaflet)
		opening = count_queries(lambda: call_api.call_sheet(task.name))
		saving = count_queries(lambda: call_api.save_call(task.name, {"notes": "n"}))
		history(task, 200, leaflet)
		assert count_queries(lambda: call_api.call_sheet(task.name)) == opening <= 60
		assert count_queries(lambda: call_api.save_call(task.name, {"notes": "n"})) == saving <= 40


def history(task, count: int, leaflet: str) -> None:
	"""Earlier contacts with answers and advice, as they lie in the database."""
	stored = row(task)
	for number in range(count):
		record(
			LOG,
			docstatus=1,
			task=None,
			plan=stored.plan,
			patient=stored.patient,
			contacted_at=add_days(now_datetime(), -number - 1),
			outcome="Reached Patient",
			staff="Administrator",
			channel="Phone",
			answers=[{"question": "pain", "value": "5", "number": 5, "flag": "Amber"}],
			guidance=[{"content": leaflet, "title": "t"}],
		)
		record("Follow-up Alert", patient=stored.patient, severity="Amber", status="Open", kind="Clinical")
