"""Pathways given as a file, and what is said when they cannot be used."""

from __future__ import annotations

import json
from copy import deepcopy

import pytest

from tests.engine.preview_examples import HEAD, PATHWAYS, ROW


def with_pathways(desk, pathways, *words, rows=None):
	path = desk.file("pathways.json", json.dumps(pathways, ensure_ascii=False))
	rows = rows or ROW.format(risk="Low", value="Low")
	return desk.preview(rows, "--format", "json", "--pathways", path, *words)


def test_the_example_pathway(desk):
	run = with_pathways(desk, PATHWAYS, "--workdays", "all")
	assert run.status == 0
	found = [(c["due_date"], c["sources"], c["channel"]) for c in run.json["contacts"]]
	assert found == [
		("2026-11-04", ["pathway:Post-operative"], "Phone"),
		("2026-11-09", ["policy", "pathway:Post-operative"], "SMS"),
		("2026-12-02", ["pathway:Post-operative"], "SMS"),
		("2027-01-02", ["pathway:Post-operative"], "SMS"),
		("2027-02-02", ["pathway:Post-operative"], "SMS"),
	]
	merged = run.json["contacts"][1]
	assert merged["topics"] == ["Condition", "Guidance", "Revisit"]
	assert merged["expires_on"] == "2026-11-12"
	assert merged["reasons"] == ["tier_given", "value_given", "merged"]


def test_a_high_risk_day_two_is_one_call(desk):
	run = with_pathways(desk, PATHWAYS, rows=ROW.format(risk="High", value="High"))
	first = run.json["contacts"][0]
	assert (first["due_date"], first["sources"], first["role"]) == (
		"2026-11-04",
		["policy", "pathway:Post-operative"],
		"Follow-up Doctor",
	)
	assert first["expires_on"] == "2026-11-05"


@pytest.mark.parametrize(
	"row",
	["P1,2026-11-02,Low,Low,I10,Surgery", "P1,2026-11-02,Low,Low,K80.2,Medicine", "P1,2026-11-02,Low,Low,,"],
)
def test_a_pathway_applies_only_to_those_it_is_for(desk, row):
	run = with_pathways(desk, PATHWAYS, rows=HEAD + row + "\n")
	assert [c["sources"] for c in run.json["contacts"]] == [["policy"]]


def test_no_pathway_without_the_option(desk):
	contacts = desk.planned(ROW.format(risk="Low", value="Low"))["contacts"]
	assert [c["sources"] for c in contacts] == [["policy"]]


def test_a_pathway_that_cannot_be_dated_is_told(desk):
	pathways = deepcopy(PATHWAYS)
	pathways["pathways"][0]["anchor"] = "Surgery"
	run = with_pathways(desk, pathways)
	assert run.status == 0
	assert "Post-operative" in run.err
	assert [c["sources"] for c in run.json["contacts"]] == [["policy"]]


def test_sex_and_age_of_the_file_decide(desk):
	pathways = deepcopy(PATHWAYS)
	pathways["pathways"][0]["applies"] = {"sex": "女", "age_from": 60}
	rows = (
		"patient_id,discharge_date,risk_tier,value_tier,sex,date_of_birth\n"
		"A,2026-11-02,Low,Low,Female,1950-01-01\nB,2026-11-02,Low,Low,男,1950-01-01\nC,2026-11-02,Low,Low,女,1990-01-01\n"
	)
	run = with_pathways(desk, pathways, rows=rows)
	assert {c["patient_id"] for c in run.json["contacts"] if len(c["sources"]) > 1} == {"A"}


def broken(**fields):
	pathways = deepcopy(PATHWAYS)
	pathways["pathways"][0].update(fields)
	return pathways


def broken_step(**fields):
	pathways = deepcopy(PATHWAYS)
	pathways["pathways"][0]["steps"][1].update(fields)
	return pathways


@pytest.mark.parametrize(
	("pathways", "said"),
	[
		([], "object"),
		({}, "pathways"),
		({"pathways": []}, "pathways"),
		(broken(title=""), "pathways[1].title"),
		(broken(anchor="Full Moon"), "pathways[1].anchor"),
		(broken(applies=[]), None),
		(broken(applies="all"), "pathways[1].applies"),
		(broken(applies={"diagnoses": "K80"}), "applies.diagnoses"),
		(broken(applies={"age_from": "60"}), "applies.age_from"),
		(broken(steps=[]), "pathways[1].steps"),
		(broken_step(id="day2"), "steps[2].id"),
		(broken_step(id="a|b"), "steps[2].id"),
		(broken_step(offset=-3), "steps[2].offset"),
		(broken_step(offset=None), "steps[2].offset"),
		(broken_step(offset_unit="Year"), "steps[2].offset_unit"),
		(broken_step(window_days=-1), "steps[2].window_days"),
		(broken_step(channel="Pigeon"), "steps[2].channel"),
		(broken_step(role="Nurse"), "steps[2].role"),
		({"pathways": PATHWAYS["pathways"] * 2}, "Post-operative"),
	],
)
def test_unusable_pathways(desk, pathways, said):
	run = with_pathways(desk, pathways)
	if said is None:
		assert run.status == 0
		return
	assert (run.status, run.out) == (2, "")
	assert "pathways.json" in run.err and said in run.err
