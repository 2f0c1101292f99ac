"""The files beside the discharges: policy and pathways (JSON), holidays (CSV)."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from hospital_followup.engine import pathway as pathways_engine
from hospital_followup.engine import policy as policy_engine
from hospital_followup.engine.facts import (
	WINDOW_DAYS,
	Applicability,
	Pathway,
	PathwayStep,
	Policy,
	PolicyRule,
)
from hospital_followup.preview.columns import day, sex, yes_no
from hospital_followup.preview.csvfile import plain, read_bytes, read_sheet
from hospital_followup.preview.language import BadValue, Unusable, Word

_HOLIDAY_HEADINGS = {"date": "date", "日期": "date", "working": "working", "上班": "working"}


@dataclass(frozen=True, slots=True)
class Node:
	"""One object of a JSON file, with the place it stands at, so that complaints can name it."""

	path: str
	place: str
	content: Mapping[str, Any]

	def text(self, name: str, default: str | None = None) -> str:
		value = self.content.get(name, default)
		if not isinstance(value, str) or not value.strip():
			raise self.wrong(name, Unusable("a_text"))
		return value.strip()

	def optional(self, name: str) -> str | None:
		return None if self.content.get(name) in (None, "") else self.text(name)

	def whole(self, name: str, default: int | None = None) -> int:
		value = self.content.get(name, default)
		if not isinstance(value, int) or isinstance(value, bool):
			raise self.wrong(name, Unusable("a_whole_number"))
		return value

	def maybe_whole(self, name: str) -> int | None:
		return None if self.content.get(name) is None else self.whole(name)

	def texts(self, name: str) -> tuple[str, ...]:
		value = self.content.get(name) or []
		if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
			raise self.wrong(name, Unusable("texts"))
		return tuple(entry.strip() for entry in value if entry.strip())

	def flag(self, name: str) -> bool:
		value = self.content.get(name, False)
		if not isinstance(value, bool):
			raise self.wrong(name, Unusable("a_flag"))
		return value

	def node(self, name: str) -> Node:
		value = self.content.get(name) or {}
		if not isinstance(value, dict):
			raise self.wrong(name, Unusable("an_object"))
		return Node(self.path, self.where(name), value)

	def nodes(self, name: str) -> list[Node]:
		value = self.content.get(name)
		if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
			raise self.wrong(name, Unusable("a_list"))
		if not value:
			raise Unusable("no_entries", self.path, self.where(name))
		where = self.where(name)
		return [Node(self.path, f"{where}[{number}]", entry) for number, entry in enumerate(value, 1)]

	def where(self, name: str) -> str:
		return f"{self.place}.{name}" if self.place else name

	def wrong(self, name: str, expected: Unusable) -> Unusable:
		return Unusable("wrong_shape", self.path, self.where(name), expected)


def read_policy(path: str) -> tuple[Policy, list[Unusable]]:
	"""The policy and what is worth knowing about it; raises Unusable."""
	top = _read_json(path)
	rules = top.nodes("rules")
	policy = Policy(top.text("title"), top.whole("version", 1), tuple(_rule(node) for node in rules))
	notes: list[Unusable] = []
	for issue in policy_engine.check(policy):
		if issue.code == "overlap":
			raise Unusable("overlap", path, issue.rule, Word(issue.risk_tier), Word(issue.value_tier))
		if issue.code in ("unknown_value", "out_of_range"):
			raise _objection(rules[issue.rule - 1], issue.field, issue.code, issue.expected)
		if issue.code == "value_removes":
			notes.append(Unusable("value_removes", Word(issue.risk_tier), Word(issue.value_tier)))
		elif not issue.filled and issue.value_tier == "High":
			notes.append(Unusable("hole", Word(issue.risk_tier)))
	return policy, notes


def _rule(node: Node) -> PolicyRule:
	return PolicyRule(
		node.text("risk_tier"),
		node.text("value_tier"),
		node.whole("interval"),
		node.text("interval_unit"),
		node.whole("contacts"),
		node.whole("first_contact_day"),
		node.text("channel"),
		node.text("role"),
		node.texts("topics"),
		node.flag("clinical_floor"),
	)


def read_pathways(path: str) -> tuple[Pathway, ...]:
	"""Raises Unusable."""
	found: dict[str, Pathway] = {}
	for node in _read_json(path).nodes("pathways"):
		steps = node.nodes("steps")
		pathway = Pathway(
			node.text("title"),
			node.whole("version", 1),
			node.text("anchor", "Discharge"),
			_applicability(node.node("applies")),
			tuple(_step(step) for step in steps),
		)
		for issue in pathways_engine.check(pathway):
			place = steps[issue.step - 1] if issue.step else node
			raise _objection(place, issue.field, issue.code, issue.expected)
		if pathway.title in found:
			raise Unusable("title_twice", path, pathway.title)
		found[pathway.title] = pathway
	return tuple(found.values())


def _applicability(node: Node) -> Applicability:
	wanted_sex = node.optional("sex")
	return Applicability(
		node.texts("diagnoses"),
		node.texts("departments"),
		node.texts("procedures"),
		sex(wanted_sex) if wanted_sex else None,
		node.maybe_whole("age_from"),
		node.maybe_whole("age_to"),
	)


def _step(node: Node) -> PathwayStep:
	return PathwayStep(
		node.text("id"),
		node.whole("offset"),
		node.text("offset_unit", "Day"),
		node.whole("repeat_every", 0),
		node.text("repeat_unit", "Day"),
		node.whole("repeat_count", 1),
		node.whole("window_days", WINDOW_DAYS),
		node.texts("topics"),
		node.optional("channel"),
		node.optional("role"),
		node.optional("script"),
		node.optional("questionnaire"),
	)


def _objection(node: Node, field: str, code: str, expected: str) -> Unusable:
	if not expected:
		return node.wrong(field, Unusable("step_name"))
	return node.wrong(field, Unusable("in_range" if code == "out_of_range" else "one_of", expected))


def read_holidays(path: str) -> dict[date, bool]:
	"""Dated exceptions: whether the day is worked. Raises Unusable."""
	sheet = read_sheet(path, lambda heading: _HOLIDAY_HEADINGS.get(plain(heading)), ("date", "working"))
	days: dict[date, bool] = {}
	for row in sheet.rows:
		try:
			if row.problem:
				raise row.problem[1]
			when, worked = (row.cells.get(name, "") for name in ("date", "working"))
			if not when or not worked:
				raise BadValue("required")
			exception = day(when)
			if days.setdefault(exception, yes_no(worked)) != yes_no(worked):
				raise BadValue("holiday_twice", exception.isoformat())
		except BadValue as problem:
			raise Unusable("in_line", path, row.line, problem) from problem
	return days


def left_out(pathways: Sequence[Pathway], known: Collection[str] = ("Discharge", "Birth")) -> list[Unusable]:
	"""Pathways whose anchor the discharge file has no column for."""
	return [Unusable("no_anchor", p.title, p.anchor) for p in pathways if p.anchor not in known]


def _read_json(path: str) -> Node:
	content = read_bytes(path)
	try:
		value = json.loads(content.decode("utf-8-sig"))
	except UnicodeDecodeError as error:
		raise Unusable("no_utf8", path) from error
	except json.JSONDecodeError as error:
		raise Unusable("no_json", path, error.lineno, error.colno) from error
	except (RecursionError, ValueError) as error:
		# Nested too deeply, or a number of thousands of digits.
		raise Unusable("no_json", path, 1, 1) from error
	if not isinstance(value, dict):
		raise Unusable("wrong_shape", path, "JSON", Unusable("an_object"))
	return Node(path, "", value)
