"""The contract of the preview command: output, counts, order, exit status (preview.md)."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import hospital_followup
from tests.engine.test_plan import PLANS
from tests.engine.test_policy import MATRIX

ROOT = Path(hospital_followup.__file__).parent.parent
SAMPLE = ROOT / "hospital_followup" / "seed" / "preview" / "discharges.csv"
HEAD = "patient_id,discharge_date,risk_tier,value_tier"


def command(*words: str, **more) -> subprocess.CompletedProcess[bytes]:
	return subprocess.run(
		[sys.executable, "-m", "hospital_followup", *words], cwd=ROOT, capture_output=True, **more
	)


def test_the_example_of_the_contract(desk):
	rows = (
		"patient_id,discharge_date,risk_tier,value_tier,disposition,length_of_stay\n"
		"P1,2026-11-03,High,Low,,\n"
		"P2,2026-11-03,Low,Low,1,\n"
		"P3,2026-11-03,Low,Low,5,\n"
		"P4,someday,Low,Low,,\n"
	)
	run = desk.preview(rows, "--format", "json")
	assert run.status == 1
	result = run.json
	assert list(result) == [
		"policy",
		"discharges",
		"planned",
		"excluded",
		"rejected",
		"contacts",
		"exclusions",
		"rejections",
		"workload",
	]
	assert {name: result[name] for name in ("policy", "discharges", "planned", "excluded", "rejected")} == {
		"policy": "Standard",
		"discharges": 4,
		"planned": 2,
		"excluded": 1,
		"rejected": 1,
	}
	assert result["contacts"][0] == {
		"patient_id": "P1",
		"sequence": 1,
		"due_date": "2026-11-05",
		"opens_on": "2026-11-05",
		"expires_on": "2026-11-10",
		"channel": "Phone",
		"role": "Follow-up Doctor",
		"risk_tier": "High",
		"value_tier": "Low",
		"sources": ["policy"],
		"topics": ["Condition", "Guidance"],
		"reasons": ["tier_given", "value_given", "clinical_floor"],
	}
	assert result["exclusions"] == [{"patient_id": "P3", "reason": "deceased"}]
	assert [(entry["line"], entry["column"]) for entry in result["rejections"]] == [(5, "discharge_date")]
	assert "YYYY-MM-DD" in result["rejections"][0]["message"]
	assert result["workload"][0] == {
		"date": "2026-11-05",
		"contacts": 1,
		"by_role": {"Follow-up Doctor": 1},
		"by_channel": {"Phone": 1},
	}


@pytest.mark.parametrize(
	("risk", "value", "_every", "_unit", "count", "_first", "role", "channel", "floor"), MATRIX
)
def test_every_cell(desk, risk, value, _every, _unit, count, _first, role, channel, floor):
	result = desk.planned(f"{HEAD}\nP1,2026-11-02,{risk},{value}\n", "--workdays", "all")
	days, ends = PLANS[risk, value]
	contacts = result["contacts"]
	assert len(contacts) == count == len(days)
	assert {contact["role"] for contact in contacts} == {role}
	assert {contact["channel"] for contact in contacts} == {channel}
	assert all(("clinical_floor" in contact["reasons"]) is floor for contact in contacts)
	from datetime import date

	start = date(2026, 11, 2)
	assert [(date.fromisoformat(contact["due_date"]) - start).days for contact in contacts] == days
	assert [(date.fromisoformat(contact["expires_on"]) - start).days for contact in contacts] == ends


def test_contacts_are_ordered_by_date_then_patient_then_number(desk):
	rows = f"{HEAD}\nB,2026-11-02,High,High\nA,2026-11-02,High,High\nC,2026-10-28,Low,Low\n"
	found = [(c["due_date"], c["patient_id"], c["sequence"]) for c in desk.planned(rows)["contacts"]]
	assert found == sorted(found)
	assert found[0][1] == "A"


def test_the_workload_adds_up(desk):
	rows = f"{HEAD}\nA,2026-11-02,High,High\nB,2026-11-02,High,Medium\nC,2026-11-02,Medium,Low\n"
	result = desk.planned(rows)
	assert [day["date"] for day in result["workload"]] == sorted({c["due_date"] for c in result["contacts"]})
	assert sum(day["contacts"] for day in result["workload"]) == len(result["contacts"])
	for day in result["workload"]:
		assert sum(day["by_role"].values()) == sum(day["by_channel"].values()) == day["contacts"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_codes_are_english_in_every_language_and_messages_are_not(desk, language):
	rows = f"{HEAD}\nP1,2026-11-02,高危,低价值\nP2,2026-13-01,高,低\n"
	result = desk.preview(rows, "--format", "json", "--lang", language).json
	assert result["contacts"][0]["channel"] == "Phone"
	assert ("应为" in result["rejections"][0]["message"]) is (language == "zh")


@pytest.mark.parametrize("disposition", ["Deceased", "Transferred", "Hospice"])
def test_excluded(desk, disposition):
	result = desk.planned(f"patient_id,discharge_date,disposition\nP1,2026-11-02,{disposition}\n")
	assert result["exclusions"] == [{"patient_id": "P1", "reason": disposition.lower()}]
	assert (result["planned"], result["contacts"], result["workload"]) == (0, [], [])


def test_against_advice_is_planned(desk):
	result = desk.planned("patient_id,discharge_date,disposition\nP1,2026-11-02,4\n")
	assert (result["planned"], result["excluded"]) == (1, 0)


def test_no_tier_and_nothing_to_compute_from(desk):
	(contact,) = desk.planned("patient_id,discharge_date\nP1,2026-11-02\n")["contacts"]
	assert (contact["risk_tier"], contact["value_tier"]) == ("Medium", "Medium")
	assert contact["reasons"] == ["tier_assumed", "value_assumed"]


def test_the_risk_is_computed_from_the_score_columns(desk):
	rows = (
		"patient_id,discharge_date,length_of_stay,emergency_admission,charlson,ed_visits\n"
		"A,2026-11-02,14,1,0,0\n"
		"B,2026-11-02,1,no,0,0\n"
		"C,2026-11-02,2,,,\n"
	)
	by_patient = {c["patient_id"]: c for c in desk.planned(rows)["contacts"]}
	assert [by_patient[p]["risk_tier"] for p in "ABC"] == ["High", "Low", "Medium"]
	assert by_patient["A"]["reasons"][0] == "tier_scored"
	assert by_patient["C"]["reasons"][:2] == ["tier_scored", "tier_incomplete"]


def value_rows(count):
	rows = [f"P{n:02},2026-11-02,Low,,{n * 100},{n}" for n in range(2, count + 2)]
	return "patient_id,discharge_date,risk_tier,value_tier,spend,visits\n" + "\n".join(rows) + "\n"


def test_the_value_is_computed_from_spend_and_visits(desk):
	contacts = desk.planned(value_rows(20))["contacts"]
	tiers = {c["patient_id"]: c["value_tier"] for c in contacts}
	# Quintiles of four patients each: sums 2, 4, 6, 8, 10.
	assert [tiers[f"P{n:02}"] for n in (2, 5, 6, 9, 10, 13, 14, 17, 18, 21)] == ["Low"] * 4 + [
		"Medium"
	] * 2 + ["High"] * 4
	assert all("value_scored" in contact["reasons"] for contact in contacts)


def test_nineteen_patients_are_too_few(desk):
	contacts = desk.planned(value_rows(19))["contacts"]
	assert {c["value_tier"] for c in contacts} == {"Medium"}
	assert all("value_assumed" in contact["reasons"] for contact in contacts)


def test_a_patient_counts_once_in_the_quintiles(desk):
	again = "P02,2026-12-24,Low,,200,2\n"
	contacts = desk.planned(value_rows(19) + again)["contacts"]
	assert {c["value_tier"] for c in contacts} == {"Medium"}


def test_a_later_discharge_ends_the_contacts_of_the_earlier_one(desk):
	rows = (
		"patient_id,discharge_date,risk_tier,value_tier,length_of_stay\n"
		"P1,2026-11-20,Low,Low,4\n"
		"P1,2026-11-02,High,High,\n"
	)
	result = desk.planned(rows)
	# Admitted on the 16th: the contacts of the 18th and 25th are not made.
	assert [c["due_date"] for c in result["contacts"]] == ["2026-11-04", "2026-11-11", "2026-11-27"]
	assert [c["sequence"] for c in result["contacts"]] == [1, 2, 1]
	assert result["planned"] == 2


def test_the_day_of_admission_itself_has_no_contact(desk):
	rows = (
		"patient_id,discharge_date,risk_tier,value_tier,length_of_stay\n"
		"P1,2026-11-02,High,High,\n"
		"P1,2026-11-20,Low,Low,9\n"
	)
	assert [c["due_date"] for c in desk.planned(rows)["contacts"]] == ["2026-11-04", "2026-11-27"]


def test_without_the_stay_the_later_discharge_itself_is_the_end(desk):
	rows = f"{HEAD}\nP1,2026-11-02,High,High\nP1,2026-11-18,Low,Low\n"
	assert [c["due_date"] for c in desk.planned(rows)["contacts"]] == [
		"2026-11-04",
		"2026-11-11",
		"2026-11-25",
	]


def test_a_later_death_ends_the_contacts_too(desk):
	rows = (
		"patient_id,discharge_date,risk_tier,value_tier,disposition\n"
		"P1,2026-11-02,High,High,\nP1,2026-11-10,High,High,5\n"
	)
	result = desk.planned(rows)
	assert [c["due_date"] for c in result["contacts"]] == ["2026-11-04"]
	assert (result["planned"], result["excluded"]) == (1, 1)


def test_the_same_discharge_twice_is_a_duplicate(desk):
	rows = f"{HEAD}\nP1,2026-11-02,High,High\nP1,2026/11/2,Low,Low\nP2,2026-11-02,Low,Low\n"
	run = desk.preview(rows, "--format", "json")
	assert (run.status, run.json["planned"], run.json["rejected"]) == (1, 2, 1)
	assert (run.json["rejections"][0]["line"], run.json["rejections"][0]["column"]) == (3, "discharge_date")
	assert "line 2" in run.json["rejections"][0]["message"]


def test_a_rejected_row_does_not_make_the_good_one_a_duplicate(desk):
	rows = f"{HEAD}\nP1,2026-11-02,Extreme,High\nP1,2026-11-02,Low,Low\n"
	result = desk.preview(rows, "--format", "json").json
	assert (result["planned"], result["rejected"]) == (1, 1)


@pytest.mark.parametrize("year", ["1990", "2026", "2400"])
def test_any_date_is_planned(desk, year):
	assert desk.planned(f"{HEAD}\nP1,{year}-11-02,High,High\n")["planned"] == 1


def test_holidays_and_swapped_days(desk):
	holidays = desk.file("holidays.csv", "date,working\n2026-10-01,0\n2026-10-02,0\n2026-10-10,1\n")
	rows = f"{HEAD}\nA,2026-09-28,Medium,Low\nB,2026-10-07,Medium,Low\n"
	due = {c["patient_id"]: c["due_date"] for c in desk.planned(rows, "--holidays", holidays)["contacts"]}
	assert due == {"A": "2026-09-30", "B": "2026-10-10"}


@pytest.mark.parametrize(
	("workdays", "due"), [("Mon-Fri", "2026-11-06"), ("Mon-Sat", "2026-11-07"), ("all", "2026-11-07")]
)
def test_workdays(desk, workdays, due):
	rows = f"{HEAD}\nA,2026-11-04,Medium,Low\n"
	assert desk.planned(rows, "--workdays", workdays)["contacts"][0]["due_date"] == due


def test_a_file_with_a_header_only_has_nothing_to_plan(desk):
	for words in (("--format", "json"), ("--format", "table"), ("--format", "html"), ("--lang", "zh")):
		assert desk.preview(f"{HEAD}\n", *words).status == 0


def test_the_command_as_a_user_runs_it():
	done = command("preview", str(SAMPLE), "--format", "json", env={"LC_ALL": "C", "PATH": ""})
	assert (done.returncode, done.stderr) == (0, b"")
	assert json.loads(done.stdout.decode("utf-8"))["discharges"] == 11
	assert "张建国" in command("preview", str(SAMPLE)).stdout.decode("utf-8")


def test_no_traceback_ever_reaches_the_user(tmp_path):
	for words in (
		[],
		["preview"],
		["preview", str(tmp_path)],
		["preview", "nowhere.csv"],
		["plan"],
		["preview", "a", "b"],
	):
		done = command(*words)
		assert (done.returncode, done.stdout) == (2, b"")
		assert done.stderr.strip() and b"Traceback" not in done.stderr


def test_a_reader_that_stops_reading_is_not_an_error(tmp_path):
	rows = tmp_path / "many.csv"
	rows.write_text(HEAD + "\n" + "".join(f"P{n},2026-11-02,High,High\n" for n in range(3000)))
	line = f"{sys.executable} -m hospital_followup preview {rows} | head -1; exit ${{PIPESTATUS[0]}}"
	done = subprocess.run(["bash", "-c", line], cwd=ROOT, capture_output=True)
	assert (done.returncode, done.stderr) == (0, b"")
