"""Every text of the app that a person may read and that Frappe therefore translates."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.contract.app_files import (
	MODULE_NAME,
	PACKAGE,
	doctypes,
	files,
	options,
	other_documents,
	relative,
)
from tests.contract.source_calls import Call, python_calls, text_calls

LETTER = re.compile(r"[^\W\d_]")
TAG = re.compile(r"<[^>]+>")
# Which keys of a document hold texts; a pair means: the rows of that table, and their keys.
TEXTS: dict[str, tuple[Any, ...]] = {
	"Report": ("report_name", ("columns", "label"), ("filters", "label")),
	"Print Format": ("name",),
	"Workspace": (
		"label",
		"title",
		("links", "label"),
		("shortcuts", "label"),
		("shortcuts", "format"),
		("charts", "label"),
		("number_cards", "label"),
		("quick_lists", "label"),
	),
	"Number Card": ("label",),
	"Dashboard Chart": ("chart_name",),
	"Dashboard": ("dashboard_name",),
	"Page": ("title",),
	"Module Onboarding": ("title", "subtitle", "success_message"),
	"Onboarding Step": ("title", "description", "action_label"),
	"Form Tour": ("title", ("steps", "title"), ("steps", "description")),
	"Role": ("role_name",),
	"Workflow State": ("workflow_state_name",),
	"Workflow Action Master": ("workflow_action_name",),
}


@dataclass(frozen=True)
class Use:
	"""One place where a text is shown. Frappe asks first for the text with the context, then for the text alone."""

	text: str
	context: str | None
	place: str


def uses() -> list[Use]:
	"""All uses, in no particular order; texts without a letter (numbers, operators) need no translation."""
	found = [*_names(), *_doctypes(), *_documents(), *_workspace_headings(), *_calls()]
	return [use for use in found if LETTER.search(use.text)]


def calls() -> Iterator[tuple[str, Call]]:
	"""Every translating call of the package with its place."""
	for path in files(".py"):
		yield from ((f"{relative(path)}:{call.line}", call) for call in python_calls(path))
	for path in files(".js", ".html", ".jinja", ".vue"):
		source = path.read_text(encoding="utf-8")
		yield from ((f"{relative(path)}:{call.line}", call) for call in text_calls(source))
	for path, document in other_documents():
		for key in ("html", "raw_commands", "script"):
			for call in text_calls(document.get(key) or ""):
				yield f"{relative(path)}:{key}", call


def _names() -> Iterator[Use]:
	yield Use(MODULE_NAME, None, "modules.txt")
	title = re.search(
		r'^app_title = "(.+)"$', (PACKAGE / "hooks.py").read_text(encoding="utf-8"), re.MULTILINE
	)
	if title:
		yield Use(title.group(1), None, "hooks.py")


def _doctypes() -> Iterator[Use]:
	for name, document in doctypes().items():
		yield Use(name, None, name)
		texts = [document.get("description"), *(link.get("group") for link in document.get("links", ()))]
		texts += [action.get("label") for action in document.get("actions", ())]
		for field in document["fields"]:
			texts += [field.get("label"), field.get("description"), field.get("placeholder")]
			texts += options(field) if field["fieldtype"] == "Select" else []
		yield from (Use(text, name, name) for text in texts if text)


def _documents() -> Iterator[Use]:
	for path, document in other_documents():
		for key in TEXTS.get(document["doctype"], ()):
			table, column = key if isinstance(key, tuple) else (None, key)
			for row in document.get(table, ()) if table else (document,):
				if row.get(column):
					yield Use(row[column], None, relative(path))


def _workspace_headings() -> Iterator[Use]:
	for path, document in other_documents():
		if document["doctype"] == "Workspace":
			for block in json.loads(document.get("content") or "[]"):
				text = TAG.sub("", block.get("data", {}).get("text") or "").strip()
				if text:
					yield Use(text, None, relative(path))


def _calls() -> Iterator[Use]:
	yield from (Use(call.text, call.context, place) for place, call in calls() if call.text)


def kinds_without_texts() -> set[str]:
	"""Kinds of documents that the app ships and that nobody has said the texts of."""
	return {document["doctype"] for _path, document in other_documents()} - set(TEXTS)
