"""The doctypes keep the names, values and keys that the specification promises to other programs."""

from __future__ import annotations

import pytest

from tests.contract.app_files import doctypes, fields, is_single, options
from tests.contract.model_table import DOCTYPES, SINGLE, SUBMITTABLE, Promise, promises


def test_every_doctype_exists() -> None:
	assert DOCTYPES - set(doctypes()) == set()


def test_which_documents_are_submitted() -> None:
	assert {name for name, document in doctypes().items() if document.get("is_submittable")} == SUBMITTABLE


def test_which_document_exists_once() -> None:
	assert {name for name in doctypes() if is_single(name)} == SINGLE


@pytest.mark.parametrize("promise", promises(), ids=lambda promise: f"{promise.doctype}.{promise.name}")
def test_field_is_as_promised(promise: Promise) -> None:
	field = fields(promise.doctype)[promise.name]
	assert not promise.indexed or field.get("search_index") or field.get("unique")
	names_the_document = doctypes()[promise.doctype].get("autoname") == f"field:{promise.name}"
	assert not promise.unique or field.get("unique") or names_the_document
	if promise.table:
		assert (field["fieldtype"].startswith("Table"), field["options"]) == (True, promise.table)
	if promise.link:
		assert (field["fieldtype"], field["options"]) == ("Link", promise.link)
	if promise.options:
		assert field["fieldtype"] == "Select"
		assert [value for value in options(field) if value] == list(promise.options)


@pytest.mark.parametrize("doctype", [name for name in DOCTYPES if "key" in fields(name)])
def test_a_key_is_empty_or_unique_and_never_copied(doctype: str) -> None:
	key = fields(doctype)["key"]
	assert {flag: key.get(flag) for flag in ("unique", "no_copy", "read_only", "hidden")} == {
		"unique": 1,
		"no_copy": 1,
		"read_only": 1,
		"hidden": 1,
	}
	assert not key.get("reqd")
