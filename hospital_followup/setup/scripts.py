"""The scripts a hospital starts with: one file per set, in every language, ready to be read out on the first day.

On a site without any script they begin as approved, by nobody, with half a year until somebody must look at them. Where
a hospital has scripts of its own, what is missing comes as a draft: it never takes the place of what was signed off.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe.utils import add_months, today

from hospital_followup.services.scripts import PARTS, SCRIPT
from hospital_followup.services.workflow_states import state_fields
from hospital_followup.setup.content import FOLDER, shipped

MONTHS_UNTIL_REVIEW = 6


def seed_scripts() -> None:
	"""Insert every shipped script that the site has in no version, known by its shared code and language, or its title."""
	first = not frappe.db.count(SCRIPT)
	for outline in shipped_scripts():
		for language, texts in outline["texts"].items():
			same = {"set_code": outline["set_code"], "language": language}
			if frappe.db.exists(SCRIPT, same) or frappe.db.exists(SCRIPT, {"title": texts["title"]}):
				continue
			doc = frappe.get_doc(_script(outline, language, texts)).insert()
			if first:
				# Written past the form: nobody is there to sign it off, and approved_by stays empty.
				doc.db_set({"status": "Approved", **state_fields(SCRIPT, "Approved")})


def shipped_scripts() -> list[dict[str, Any]]:
	"""The content of `seed/scripts/*.json`, by file name."""
	return [shipped(f"scripts/{path.stem}") for path in sorted((FOLDER / "scripts").glob("*.json"))]


def _script(outline: dict[str, Any], language: str, texts: dict[str, Any]) -> dict[str, Any]:
	scope = {key: value for key, value in outline.items() if key != "texts"}
	parts = {part: "\n".join(line for line in texts[part] if line) for part in PARTS}
	return {
		"doctype": SCRIPT,
		"language": language,
		"title": texts["title"],
		"source_note": texts["source_note"],
		"review_by": add_months(today(), MONTHS_UNTIL_REVIEW),
		**scope,
		**parts,
	}
