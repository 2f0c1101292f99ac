"""Policies and pathways written as files are read as what they were."""

from __future__ import annotations

import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from hospital_followup.engine.model import (
	ANCHORS,
	CHANNELS,
	ROLES,
	TOPICS,
	UNITS,
	Applicability,
	Pathway,
	PathwayStep,
	Policy,
)
from hospital_followup.engine.standard import STANDARD_POLICY
from hospital_followup.preview.files import pathways_content, policy_content
from hospital_followup.preview.settings import read_pathways, read_policy

SPEC_KEYS = {"title", "version", "anchor", "applies", "steps"}
NAME = st.text("abc项目 ", min_size=1, max_size=6).map(str.strip).filter(bool)
NAMES = st.lists(NAME, max_size=3).map(tuple)
STEP = st.builds(
	PathwayStep,
	NAME,
	st.integers(0, 40),
	st.sampled_from(UNITS),
	st.integers(0, 4),
	st.sampled_from(UNITS),
	st.integers(1, 6),
	st.integers(0, 9),
	st.lists(st.sampled_from(TOPICS), unique=True).map(tuple),
	st.none() | st.sampled_from(CHANNELS),
	st.none() | st.sampled_from(ROLES),
	st.none() | NAME,
	st.none() | NAME,
)
PATHWAY = st.builds(
	Pathway,
	NAME,
	st.integers(1, 9),
	st.sampled_from(ANCHORS),
	st.builds(
		Applicability,
		NAMES,
		NAMES,
		NAMES,
		st.none() | st.sampled_from(("Female", "Male")),
		st.none() | st.integers(0, 99),
		st.none() | st.integers(0, 99),
	),
	st.lists(STEP, min_size=1, max_size=4, unique_by=lambda step: step.id).map(tuple),
)


def written(content: dict, folder: Path) -> str:
	path = folder / "file.json"
	path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
	return str(path)


def test_a_policy_comes_back(tmp_path) -> None:
	policy, notes = read_policy(written(policy_content(STANDARD_POLICY), tmp_path))
	assert isinstance(policy, Policy) and policy == STANDARD_POLICY
	assert notes == []


@given(st.lists(PATHWAY, min_size=1, max_size=3, unique_by=lambda one: one.title))
def test_pathways_come_back(tmp_path_factory, pathways) -> None:
	content = pathways_content(pathways)
	assert all(set(one) == SPEC_KEYS for one in content["pathways"])
	assert read_pathways(written(content, tmp_path_factory.getbasetemp())) == tuple(pathways)
