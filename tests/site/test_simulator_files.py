"""The simulator through REST: who may ask, what goes out as a file, and what a worker does."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import frappe
import pytest
from freezegun import freeze_time
from openpyxl import load_workbook

from hospital_followup.services import simulation_runs
from hospital_followup.services.simulation import Scenario, made_up_discharges, past_discharges, past_names
from hospital_followup.services.simulation_answer import IN_BACKGROUND, answer
from hospital_followup.services.simulation_choice import MADE_UP, Proposed, chosen, read_question
from hospital_followup.tests import factories
from tests.site.message_samples import hospital
from tests.site.rights import AD, DR, SP, SV, department, person
from tests.site.simulations import day, dense_policy, pathway, question

pytestmark = pytest.mark.commits
API = "hospital_followup.simulator_api"
ROOT = Path(__file__).parents[2]
MIX = {
	"risk_high": 20,
	"risk_medium": 30,
	"risk_low": 50,
	"value_high": 20,
	"value_medium": 50,
	"value_low": 30,
}
TIERS = ("High", "Medium", "Low")
#: What both the preview command and the simulator say of a contact.
SAID = (
	"patient_id",
	"due_date",
	"opens_on",
	"expires_on",
	"channel",
	"role",
	"risk_tier",
	"value_tier",
	"sources",
)


@pytest.fixture(autouse=True)
def _clean(site: Any) -> None:
	frappe.db.delete("Patient Discharge")
	factories.standard_policy()
	frappe.db.commit()  # reason: the web server must see it


def active() -> str:
	return frappe.db.get_value("Follow-up Policy", {"status": "Active"}, "name")


def previewed(folder: Path, rows: list[dict[str, str]], policy: bytes, pathways: bytes) -> list[tuple]:
	"""What the preview command says of the same discharges, in a process of its own."""
	table = StringIO()
	writer = csv.DictWriter(table, sorted({name for row in rows for name in row}))
	writer.writeheader()
	writer.writerows(rows)
	files = {"discharges.csv": table.getvalue().encode(), "policy.json": policy, "pathways.json": pathways}
	for name, content in files.items():
		(folder / name).write_bytes(content)
	words = ["preview", "discharges.csv", "--policy", "policy.json", "--pathways", "pathways.json"]
	code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); import runpy; sys.argv = ['x', *sys.argv[1:]]; runpy.run_module('hospital_followup', run_name='__main__')"
	run = subprocess.run(
		[sys.executable, "-c", code, *words, "--format", "json"], cwd=folder, capture_output=True, check=False
	)
	assert run.returncode == 0, run.stderr.decode()
	return sorted(tuple(str(one[name]) for name in SAID) for one in json.loads(run.stdout)["contacts"])


def simulated(scenario: Scenario, items: Any, number_of: dict[str, str]) -> list[tuple]:
	found = []
	for item in items:
		risk, value = item.facts.given_risk_tier, item.value.value_tier
		for one in scenario.plan(item):
			days = (one.due_date, one.opens_on, one.expires_on)
			who = number_of.get(item.facts.patient_id, item.facts.patient_id)
			said = (who, *map(str, days), one.channel, one.role, risk, value, str(list(one.sources)))
			found.append(said)
	return sorted(found)


def files_of(rest: Any, policy: str, pathways: list[str]) -> tuple[bytes, bytes]:
	client = rest(AD)
	answers = (
		client.call(f"{API}.download_policy", policy=policy),
		client.call(f"{API}.download_pathways", pathways=json.dumps(pathways)),
	)
	assert [one.status_code for one in answers] == [200, 200]
	assert all("attachment" in one.headers["Content-Disposition"] for one in answers)
	return tuple(one.content for one in answers)


def test_past_discharges_as_in_the_preview_command(rest: Any, tmp_path: Path) -> None:
	"""The desk's own files, the same discharges: the same contacts."""
	hospital("SMS", "WeChat")
	ward, rows, number_of = factories.department("Surgery"), [], {}
	for number in range(18):
		risk, value, special = TIERS[number % 3], TIERS[number // 3 % 3], number % 7 == 0
		patient = factories.patient(
			wechat_openid=f"openid{number}", special_care=special, home_address="1 Road"
		)
		factories.value(patient.name, value)
		number_of[patient.name] = patient.patient_id
		for back in (-12, -3) if number % 5 == 0 else (-number,):
			factories.discharge(
				patient.name,
				department=ward,
				discharge_date=day(back),
				admission_date=day(back - 2),
				given_risk_tier=risk,
				diagnoses=[{"code": "K80.2", "title": "stone"}] if number % 2 else [],
			)
			row = {"patient_id": patient.patient_id, "discharge_date": str(day(back)), "length_of_stay": "2"}
			row |= {"risk_tier": risk, "value_tier": value, "department": "Surgery", "sex": "Female"}
			row |= {"date_of_birth": "1960-05-04", "special_care": str(int(special))}
			rows.append({**row, "diagnosis": "K80.2 stone" if number % 2 else ""})
	draft, new = dense_policy(), pathway()
	for row in draft.rules[1::2]:
		row.update({"channel": "WeChat", "role": DR, "interval": 1, "interval_unit": "Week", "contacts": 3})
	draft.save()
	used = pathway("Everybody", diagnoses=[], departments=[{"department": ward}], sex="Female", age_from="18")
	scenario = Scenario(Proposed(chosen(draft.name, [new.name, used.name])), day(-30))
	found = simulated(scenario, past_discharges(past_names(day(-30), day(0))), number_of)
	assert len(found) > 60
	assert found == previewed(tmp_path, rows, *files_of(rest, draft.name, [new.name, used.name]))


def test_a_made_up_volume_as_in_the_preview_command(rest: Any, tmp_path: Path) -> None:
	hospital("SMS", "WeChat")
	new = pathway(age_from="60", sex="Male")
	volume = {"source": MADE_UP, "per_day": 5, "pathway_percent": 50, **MIX}
	given = read_question(question(active(), pathways=[new.name], **{**volume, "from_date": day(-5)}))
	proposed = Proposed(chosen(given.policy, given.pathways))
	items = list(made_up_discharges(given.volume, [one.pathway for one in proposed.pathways()]))
	rows = [
		{
			"patient_id": item.facts.patient_id,
			"discharge_date": str(item.facts.discharge_date),
			"risk_tier": item.facts.given_risk_tier,
			"value_tier": item.value.value_tier,
			"diagnosis": "|".join(one.code for one in item.facts.diagnoses),
			"sex": item.patient.sex or "",
			"date_of_birth": str(item.patient.date_of_birth or ""),
		}
		for item in items
	]
	found = simulated(Scenario(proposed, given.since), items, {})
	assert found == previewed(tmp_path, rows, *files_of(rest, active(), [new.name]))


def test_who_may_simulate(rest: Any) -> None:
	new = pathway()
	factories.discharge(discharge_date=day(-1))
	policy = active()
	frappe.db.commit()  # reason: the web server must see it
	ask = {"question": question(policy, pathways=[new.name])}
	for role, status in {SP: 403, DR: 403, SV: 200, AD: 200, "System Manager": 403}.items():
		client = rest(role)
		asked = client.call(f"{API}.simulate", **json.loads(frappe.as_json(ask)))
		assert asked.status_code == status, asked.text[:300]
		assert client.call(f"{API}.simulator_defaults").status_code == status
		if status == 200:
			found = asked.json()["message"]
			assert found["status"] == "Finished" and found["answer"]["discharges"] == 1
			name = found["simulation"]
			assert client.call(f"{API}.simulation_state", simulation=name).status_code == 200
			assert rest(SV).call(f"{API}.simulation_state", simulation=name).status_code == 417
	for role, status in {SP: 403, DR: 403, SV: 403, AD: 200}.items():
		assert rest(role).call(f"{API}.download_policy", policy=policy).status_code == status
		names = json.dumps([new.name])
		assert rest(role).call(f"{API}.download_pathways", pathways=names).status_code == status


def test_a_supervisor_of_a_department_sees_its_discharges_only(rest: Any) -> None:
	ward, other = department("Cardiology"), department("Eyes")
	for place in (ward, other, other):
		factories.discharge(department=place, discharge_date=day(-1))
	policy = active()
	client = rest(user=person(SV, departments=(ward,)))
	given = json.loads(frappe.as_json(question(policy)))
	found = client.call(f"{API}.simulate", question=given).json()["message"]["answer"]
	assert found["discharges"] == 1
	refused = client.call(f"{API}.simulate", question={**given, "department": other})
	assert refused.status_code == 403


def test_value_tiers_are_nowhere_in_the_answer(rest: Any) -> None:
	patient = factories.patient()
	factories.value(patient.name, "High")
	factories.discharge(patient.name, discharge_date=day(-1))
	given = json.loads(frappe.as_json(question(active())))
	frappe.db.commit()  # reason: the web server must see it
	text = rest(SV).call(f"{API}.simulate", question=given).text
	assert "value_tier" not in text and "High" not in text
	assert patient.patient_id not in text and patient.patient_name not in text and patient.name not in text


def test_the_spreadsheet_runs_nothing(rest: Any) -> None:
	draft = dense_policy('=HYPERLINK("http://evil.example")')
	factories.discharge(discharge_date=day(-1))
	frappe.db.commit()  # reason: the web server must see it
	client = rest(SV)
	given = json.loads(frappe.as_json(question(draft.name)))
	found = client.call(f"{API}.simulate", question=given).json()["message"]
	file = client.call(f"{API}.download_simulation", simulation=found["simulation"])
	assert file.headers["Content-Disposition"].startswith("attachment")
	sheet = load_workbook(BytesIO(file.content)).active
	cells = [cell for row in sheet.iter_rows() for cell in row]
	assert [cell.value for cell in cells if cell.data_type == "f"] == []
	assert any(str(cell.value).startswith("'=HYPERLINK") for cell in cells)
	rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
	assert ["Contacts in all", 2, 3, 1] in [row[:4] for row in rows]
	assert sum(row[1] for row in rows if row[0] and str(row[0])[:4].isdigit()) == 3


def large() -> dict[str, Any]:
	volume = {"source": MADE_UP, "per_day": IN_BACKGROUND // 10, **MIX, "pathway_percent": 0}
	given = question(active(), **volume, from_date=day(0), to_date=day(9))
	return json.loads(frappe.as_json(given))


def test_a_worker_answers_what_is_large(rest: Any, worker: Any) -> None:
	client = rest(SV)
	asked = client.call(f"{API}.simulate", question=large()).json()["message"]
	assert (asked["status"], asked["total"]) == ("Queued", IN_BACKGROUND)
	worker.run_until_empty()
	found = client.call(f"{API}.simulation_state", simulation=asked["simulation"]).json()["message"]
	assert (found["status"], found["percent"]) == ("Finished", 100)
	whole = json.loads(frappe.as_json(answer(read_question(large()))))
	# The page shows no single day; the spreadsheet has them all.
	assert whole.pop("days")
	assert found["answer"] == whole


def test_a_stopped_one_is_not_answered(rest: Any, worker: Any) -> None:
	client = rest(SV)
	name = client.call(f"{API}.simulate", question=large()).json()["message"]["simulation"]
	assert client.call(f"{API}.stop_simulation", simulation=name).status_code == 200
	worker.run_until_empty()
	found = client.call(f"{API}.simulation_state", simulation=name).json()["message"]
	assert found["status"] == "Stopped" and "answer" not in found


def test_of_what_is_gone_or_somebody_elses_there_is_nothing_to_stop(rest: Any) -> None:
	client, other = rest(SV), rest(user=person(SV))
	name = client.call(f"{API}.simulate", question=large()).json()["message"]["simulation"]
	for simulation in (name, "gone"):
		assert other.call(f"{API}.stop_simulation", simulation=simulation).status_code == 200
	found = client.call(f"{API}.simulation_state", simulation=name).json()
	assert found["message"]["status"] == "Queued"


def test_nobody_waits_for_a_worker_that_does_not_come() -> None:
	with freeze_time() as clock:
		name = simulation_runs.start(large())["simulation"]
		assert "message" not in simulation_runs.look(name)
		clock.tick(61)
		found = simulation_runs.look(name)
		assert (found["status"], found["message"][:37]) == ("Queued", "No background worker has begun yet: a")
		assert simulation_runs.look(name) == found


def test_nor_for_one_that_was_killed(monkeypatch: pytest.MonkeyPatch) -> None:
	def killed(*_given: Any, **_more: Any) -> None:
		raise KeyboardInterrupt

	with freeze_time() as clock, monkeypatch.context() as patch:
		name = simulation_runs.start(large())["simulation"]
		patch.setattr(simulation_runs, "answer", killed)
		with pytest.raises(KeyboardInterrupt):
			simulation_runs.run(name)
		assert simulation_runs.look(name)["status"] == "Running"
		clock.tick(301)
		for _time in range(2):
			found = simulation_runs.look(name)
			assert (found["status"], "simulate again" in found["message"]) == ("Failed", True)


def test_it_stops_in_the_middle_and_tells_how_far_it_is() -> None:
	state = simulation_runs.start(large())
	heard: list[int] = []
	original = frappe.publish_realtime

	def listening(event: str, message: Any = None, **options: Any) -> None:
		heard.append(message["percent"])
		simulation_runs.stop(message["simulation"])
		original(event, message, **options)

	frappe.publish_realtime = listening
	try:
		simulation_runs.run(state["simulation"])
	finally:
		frappe.publish_realtime = original
	assert heard == [50]
	assert simulation_runs.look(state["simulation"])["status"] == "Stopped"


def test_what_fails_in_the_background_is_said_without_its_data() -> None:
	state = simulation_runs.start(large())
	frappe.db.delete("Follow-up Policy")
	simulation_runs.run(state["simulation"])
	found = simulation_runs.look(state["simulation"])
	assert found["status"] == "Failed" and "DoesNotExistError" in found["message"]
