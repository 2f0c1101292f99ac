"""Policies and holidays given as files, and what is said when they cannot be used."""

from __future__ import annotations

import json
from copy import deepcopy

import pytest

from hospital_followup.engine.model import RISK_TIERS, VALUE_TIERS
from tests.engine.preview_examples import HEAD, POLICY, ROW, RULE
from tests.engine.test_preview_contract import SAMPLE


def policy_file(desk, policy):
	return desk.file("policy.json", json.dumps(policy, ensure_ascii=False))


def with_policy(desk, policy, risk="High", value="High", *words):
	path = policy_file(desk, policy)
	return desk.preview(ROW.format(risk=risk, value=value), "--format", "json", "--policy", path, *words)


def test_the_example_policy(desk):
	run = with_policy(desk, POLICY)
	assert run.status == 0
	assert [c["due_date"] for c in run.json["contacts"]] == [
		"2026-11-04",
		"2026-11-11",
		"2026-11-18",
		"2026-11-25",
	]
	assert run.json["contacts"][0]["topics"] == ["Condition", "Guidance", "Revisit", "Care"]


@pytest.mark.parametrize("value", ["Medium", "Low"])
def test_a_hole_takes_the_next_higher_value_by_the_clinical_floor(desk, value):
	run = with_policy(desk, POLICY, "High", value)
	assert len(run.json["contacts"]) == 4
	assert all(c["reasons"] == ["tier_given", "value_given", "clinical_floor"] for c in run.json["contacts"])


def test_the_shipped_policy_as_a_file_is_the_shipped_policy(desk):
	rows = "".join(
		f"{risk}{value},2026-11-02,{risk},{value},,\n" for risk in RISK_TIERS for value in VALUE_TIERS
	)
	seeded = str(SAMPLE.parent.parent / "policy.json")
	assert desk.planned(HEAD + rows, "--policy", seeded) == desk.planned(HEAD + rows)


def test_a_row_of_ones_own_policy_is_not_the_clinical_floor(desk):
	policy = deepcopy(POLICY)
	policy["rules"].append({**RULE, "value_tier": "Low", "contacts": 1})
	run = with_policy(desk, policy, "High", "Low")
	assert [c["reasons"] for c in run.json["contacts"]] == [["tier_given", "value_given"]]


def test_a_risk_tier_without_rules_is_told_and_its_rows_are_rejected(desk):
	run = with_policy(desk, POLICY, "Medium", "High")
	assert run.status == 1
	assert (run.json["rejections"][0]["line"], run.json["rejections"][0]["column"]) == (2, "risk_tier")
	assert "Medium" in run.err
	assert (
		"中" in with_policy(desk, POLICY, "Medium", "High", "--lang", "zh").json["rejections"][0]["message"]
	)


def test_a_higher_value_with_fewer_contacts_is_told(desk):
	policy = {
		"title": "T",
		"rules": [{**RULE, "contacts": 1}, {**RULE, "value_tier": "Medium", "contacts": 2}],
	}
	run = with_policy(desk, policy)
	assert run.status == 0
	assert "High risk, High value" in run.err


def changed(**fields):
	return {"title": "T", "version": 1, "rules": [{**RULE, **fields}]}


@pytest.mark.parametrize(
	("policy", "said"),
	[
		([], "object"),
		({}, "rules"),
		({"title": "T", "rules": []}, "rules"),
		({"title": "T", "rules": [1]}, "rules"),
		({"rules": [RULE]}, "title"),
		({"title": "T", "version": "one", "rules": [RULE]}, "version"),
		(changed(risk_tier="Extreme"), "rules[1].risk_tier"),
		(changed(value_tier=None), "rules[1].value_tier"),
		(changed(interval=0), "rules[1].interval"),
		(changed(interval="1"), "rules[1].interval"),
		(changed(interval=True), "rules[1].interval"),
		(changed(interval=1.5), "rules[1].interval"),
		(changed(interval_unit="Year"), "Day, Week, Month"),
		(changed(contacts=0), "rules[1].contacts"),
		(changed(first_contact_day=0), "1-7"),
		(changed(first_contact_day=8), "1-7"),
		(changed(interval_unit="Month", first_contact_day=29), "1-28"),
		(changed(channel="Pigeon"), "Home Visit"),
		(changed(role="Nurse"), "Follow-up Doctor"),
		(changed(topics="Condition"), "rules[1].topics"),
		(changed(topics=[1]), "rules[1].topics"),
		(changed(clinical_floor="yes"), "rules[1].clinical_floor"),
		({"title": "T", "rules": [RULE, RULE]}, "rule 2"),
	],
)
def test_unusable_policies(desk, policy, said):
	run = with_policy(desk, policy)
	assert (run.status, run.out) == (2, "")
	assert "policy.json" in run.err and said in run.err
	assert with_policy(desk, policy, "High", "High", "--lang", "zh").err.strip()


@pytest.mark.parametrize(
	"content", [b"", b"{", b"not json", b'{"a": \xff}', b"[" * 100000, b'{"a": ' + b"9" * 5000 + b"}"]
)
def test_files_that_are_no_json(desk, content):
	path = desk.file("policy.json", content)
	run = desk.preview(HEAD, "--policy", path)
	assert (run.status, run.out) == (2, "")
	assert "policy.json" in run.err


def test_a_policy_with_a_byte_order_mark(desk):
	path = desk.file("policy.json", json.dumps(POLICY), "utf-8-sig")
	assert desk.preview(ROW.format(risk="High", value="High"), "--policy", path).status == 0


@pytest.mark.parametrize(
	"content",
	[
		"date,working\n2026-10-01,0\n",
		"日期;上班\n2026年10月1日;否\n",
		"date\tworking\n2026/10/1\tfalse\n",
		"\ufeffworking,date\nno,2026-10-01\n",
	],
)
def test_holidays_in_the_forms_of_the_other_file(desk, content):
	path = desk.file("holidays.csv", content)
	rows = "patient_id,discharge_date,risk_tier,value_tier\nA,2026-09-28,Medium,Low\n"
	assert desk.planned(rows, "--holidays", path)["contacts"][0]["due_date"] == "2026-09-30"


@pytest.mark.parametrize(
	("content", "said"),
	[
		("date\n2026-10-01\n", "working"),
		("date,working\n2026-10-99,0\n", "line 2"),
		("date,working\n2026-10-01,maybe\n", "line 2"),
		("date,working\n2026-10-01,\n", "line 2"),
		("date,working\n2026-10-01,0\n2026-10-01,1\n", "line 3"),
		("", "empty"),
	],
)
def test_unusable_holidays(desk, content, said):
	path = desk.file("holidays.csv", content)
	run = desk.preview("patient_id,discharge_date\n", "--holidays", path)
	assert (run.status, run.out) == (2, "")
	assert "holidays.csv" in run.err and said in run.err


def test_the_same_holiday_twice_is_one_holiday(desk):
	path = desk.file("holidays.csv", "date,working\n2026-10-01,0\n2026/10/1,否\n")
	assert desk.preview("patient_id,discharge_date\n", "--holidays", path).status == 0
