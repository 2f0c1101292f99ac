"""The content that the app ships: `hospital_followup/seed/*.json`, texts in the language of the site."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import frappe

FOLDER = Path(__file__).resolve().parent.parent / "seed"
FIXTURES = FOLDER.parent / "fixtures"


def shipped(name: str) -> Any:
	"""The content of `seed/<name>.json`."""
	return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def fixture_names(doctype: str) -> list[str]:
	"""The names of the documents of `doctype` that the app owns outright."""
	path = FIXTURES / f"{frappe.scrub(doctype)}.json"
	return [row["name"] for row in json.loads(path.read_text(encoding="utf-8"))]


def text(texts: dict[str, str]) -> str:
	"""The text in the language of the site: its own, else that of the language without region, else English."""
	language = frappe.db.get_single_value("System Settings", "language") or "en"
	return texts.get(language) or texts.get(language.split("-")[0]) or texts["en"]
