"""Where the files of the app are, and what is in them."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "hospital_followup"
MODULE = PACKAGE / "hospital_followup"
MODULE_NAME = "Hospital Followup"
ZH_CSV = PACKAGE / "translations" / "zh.csv"
# Not ours to judge: made by tools, or by an installation.
IGNORED_FOLDERS = {"__pycache__", "node_modules", "dist", "build", ".git"}


def scrub(name: str) -> str:
	"""The folder of a document, as Frappe makes it."""
	return name.replace(" ", "_").replace("-", "_").lower()


def class_name(doctype: str) -> str:
	"""The controller class of a doctype, as Frappe looks for it."""
	return doctype.replace(" ", "").replace("-", "")


def files(*suffixes: str, under: Path = PACKAGE) -> list[Path]:
	return sorted(
		path
		for path in under.rglob("*")
		if path.suffix in suffixes and path.is_file() and not IGNORED_FOLDERS & set(path.parts)
	)


def relative(path: Path) -> str:
	return path.relative_to(ROOT).as_posix()


def read_json(path: Path) -> Any:
	return json.loads(path.read_text(encoding="utf-8"))


@cache
def syntax_tree(path: Path) -> ast.Module:
	return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


@cache
def doctypes() -> dict[str, dict[str, Any]]:
	"""Every doctype of the app by its name."""
	documents = [read_json(path) for path in sorted(MODULE.glob("doctype/*/*.json"))]
	return {document["name"]: document for document in documents if document.get("doctype") == "DocType"}


def controller(doctype: str) -> Path:
	return MODULE / "doctype" / scrub(doctype) / f"{scrub(doctype)}.py"


def fields(doctype: str) -> dict[str, dict[str, Any]]:
	return {field["fieldname"]: field for field in doctypes()[doctype]["fields"]}


def options(field: dict[str, Any]) -> list[str]:
	return field.get("options", "").split("\n")


def is_single(doctype: str) -> bool:
	return bool(doctypes()[doctype].get("issingle"))


def is_child(doctype: str) -> bool:
	return bool(doctypes()[doctype].get("istable"))


def is_about_a_patient(doctype: str) -> bool:
	"""True for the patient and for every document of its own that is linked to one."""
	return not is_child(doctype) and (
		doctype == "Follow-up Patient"
		or fields(doctype).get("patient", {}).get("options") == "Follow-up Patient"
	)


def other_documents() -> Iterator[tuple[Path, dict[str, Any]]]:
	"""Reports, workspaces, cards, charts… and fixtures: every JSON document that is not a doctype."""
	for path in [*files(".json", under=MODULE), *files(".json", under=PACKAGE / "fixtures")]:
		content = read_json(path)
		for document in content if isinstance(content, list) else [content]:
			if document.get("doctype") not in (None, "DocType"):
				yield path, document
