"""Each doctype hangs together: its file, its fields, what they point to, its controller."""

from __future__ import annotations

import ast
import re
from typing import Any

import pytest

from tests.contract.app_files import (
	MODULE,
	MODULE_NAME,
	class_name,
	controller,
	doctypes,
	fields,
	is_about_a_patient,
	is_child,
	is_single,
	options,
	read_json,
	scrub,
	syntax_tree,
)

NAMES = sorted(doctypes())
# Doctypes of Frappe itself, on every site. Those of other apps may be absent: only a Dynamic Link reaches them.
CORE = {
	"User",
	"DocType",
	"Role",
	"Language",
	"Workflow State",
	"File",
	"Notification Log",
	"Country",
	"Email Template",
}
LAYOUT = {"Section Break", "Column Break", "Tab Break", "HTML", "Button", "Heading", "Fold", "Image"}
TABLES = {"Table", "Table MultiSelect"}
STANDARD = {"name", "owner", "creation", "modified", "modified_by", "docstatus", "idx"}
DOC_FIELD = re.compile(r"\bdoc\.(\w+)")
CONDITIONS = ("depends_on", "mandatory_depends_on", "read_only_depends_on", "collapsible_depends_on")


def known(name: str) -> bool:
	return name in CORE or name in doctypes()


def named_after(doctype: str) -> str | None:
	"""The doctype whose names this one takes over: Follow-up Staff is named by its User."""
	field = doctypes()[doctype].get("autoname", "").removeprefix("field:")
	return fields(doctype).get(field, {}).get("options")


def problems(doctype: str, check: Any) -> list[str]:
	return [fieldname for fieldname, field in fields(doctype).items() if not check(field)]


def test_every_file_is_in_its_folder() -> None:
	for path in MODULE.glob("doctype/*/*.json"):
		document = read_json(path)
		assert path.parent.name == path.stem == scrub(document["name"])
		assert (path.parent / "__init__.py").is_file()


@pytest.mark.parametrize("doctype", NAMES)
def test_belongs_to_the_module(doctype: str) -> None:
	document = doctypes()[doctype]
	assert (document["module"], document.get("custom", 0)) == (MODULE_NAME, 0)


@pytest.mark.parametrize("doctype", NAMES)
def test_every_field_once_and_in_order(doctype: str) -> None:
	names = [field["fieldname"] for field in doctypes()[doctype]["fields"]]
	assert len(names) == len(set(names))
	assert doctypes()[doctype]["field_order"] == names


@pytest.mark.parametrize("doctype", NAMES)
def test_links_and_tables_point_to_something(doctype: str) -> None:
	assert problems(doctype, lambda f: f["fieldtype"] not in {"Link", *TABLES} or known(f["options"])) == []
	assert problems(doctype, lambda f: f["fieldtype"] not in TABLES or is_child(f["options"])) == []


@pytest.mark.parametrize("doctype", NAMES)
def test_dynamic_links_name_the_field_with_the_doctype(doctype: str) -> None:
	for field in fields(doctype).values():
		if field["fieldtype"] == "Dynamic Link":
			kind = fields(doctype)[field["options"]]
			assert kind["fieldtype"] == "Select" or kind["options"] == "DocType"


@pytest.mark.parametrize("doctype", NAMES)
def test_the_default_of_a_select_is_one_of_its_options(doctype: str) -> None:
	selects = {name: field for name, field in fields(doctype).items() if field["fieldtype"] == "Select"}
	assert [
		name
		for name, field in selects.items()
		if field.get("default", options(field)[0]) not in options(field)
	] == []
	assert [name for name, field in selects.items() if len(set(options(field))) < len(options(field))] == []


@pytest.mark.parametrize("doctype", NAMES)
def test_every_field_that_holds_something_has_a_label(doctype: str) -> None:
	assert problems(doctype, lambda f: f["fieldtype"] in LAYOUT or f.get("label")) == []


@pytest.mark.parametrize("doctype", NAMES)
def test_fetched_values_exist(doctype: str) -> None:
	for name, field in fields(doctype).items():
		if field.get("fetch_from"):
			link, _dot, source = field["fetch_from"].partition(".")
			target = fields(doctype)[link]["options"]
			assert target in CORE or source in fields(target), name


@pytest.mark.parametrize("doctype", NAMES)
def test_conditions_speak_of_existing_fields(doctype: str) -> None:
	for field in fields(doctype).values():
		for condition in filter(None, (field.get(key) for key in CONDITIONS)):
			names = set(DOC_FIELD.findall(condition)) if condition.startswith("eval:") else {condition}
			assert names - {"__islocal", *STANDARD} <= set(fields(doctype)), condition


@pytest.mark.parametrize("doctype", NAMES)
def test_title_search_and_sort_use_existing_fields(doctype: str) -> None:
	document = doctypes()[doctype]
	named = [document.get("title_field"), document.get("sort_field"), document.get("image_field")]
	named += (document.get("search_fields") or "").replace(" ", "").split(",")
	assert {name for name in named if name} - STANDARD <= set(fields(doctype))


@pytest.mark.parametrize("doctype", NAMES)
def test_connections_lead_back(doctype: str) -> None:
	for link in doctypes()[doctype].get("links", ()):
		other = fields(link["link_doctype"])[link["link_fieldname"]]
		assert other["fieldtype"] == "Dynamic Link" or other["options"] in (doctype, named_after(doctype))
		if is_about_a_patient(link["link_doctype"]):
			assert other.get("search_index") or other.get("unique"), f"{link}: counted at each visit"


@pytest.mark.parametrize("doctype", NAMES)
def test_states_have_the_names_of_the_status(doctype: str) -> None:
	for state in doctypes()[doctype].get("states", ()):
		assert state["title"] in options(fields(doctype)["status"])


@pytest.mark.parametrize("doctype", [name for name in NAMES if is_about_a_patient(name)])
def test_documents_about_a_patient_say_where_they_belong(doctype: str) -> None:
	for name in ("company", "department"):
		assert fields(doctype)[name].get("search_index"), name
	assert fields(doctype)["company"]["fieldtype"] == "Data"
	assert fields(doctype)["department"]["options"] == "Follow-up Department"


@pytest.mark.parametrize("doctype", [name for name in NAMES if is_about_a_patient(name)])
def test_who_saw_a_patient_is_kept(doctype: str) -> None:
	assert doctypes()[doctype].get("track_views")


@pytest.mark.parametrize("doctype", [name for name in NAMES if not is_child(name) and not is_single(name)])
def test_is_named_without_a_series(doctype: str) -> None:
	"""A naming series would make bulk work wait in a queue (rules.md)."""
	autoname = doctypes()[doctype].get("autoname", "")
	names_itself = "def autoname(" in controller(doctype).read_text(encoding="utf-8")
	assert names_itself or autoname == "hash" or autoname.startswith(("field:", "format:", "prompt"))
	assert "#" not in autoname
	assert autoname != "hash" or doctypes()[doctype].get("title_field")


@pytest.mark.parametrize("doctype", NAMES)
def test_the_controller_declares_the_fields(doctype: str) -> None:
	"""The block that Frappe generates for type checkers is up to date."""
	definitions = [node for node in syntax_tree(controller(doctype)).body if isinstance(node, ast.ClassDef)]
	(definition,) = (node for node in definitions if node.name == class_name(doctype))
	declared = {
		statement.target.id
		for branch in definition.body
		if isinstance(branch, ast.If)
		for statement in branch.body
		if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name)
	}
	parents = {"parent", "parentfield", "parenttype"} if is_child(doctype) else set()
	held = {name for name, field in fields(doctype).items() if field["fieldtype"] not in LAYOUT}
	assert declared == held | parents
