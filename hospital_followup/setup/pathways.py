"""The pathways a hospital starts with: drafts that follow nobody until a doctor of the hospital has signed them off.

They hold titles and notes in the language of the site; scripts and questionnaires are found by their set code, so that
a call has them in the language of the patient.
"""

from __future__ import annotations

from typing import Any

import frappe

from hospital_followup.services.care_pathways import PATHWAY
from hospital_followup.setup.content import FOLDER, shipped, text

SCRIPT, QUESTIONNAIRE = "Follow-up Script", "Follow-up Questionnaire"
TEXTS = ("title", "description", "source_note")
STEP_TEXTS = ("title", "note")


def seed_pathways() -> None:
	"""Insert every shipped pathway that the site has in no version, known by its title in any language."""
	for outline in shipped_pathways():
		if not _standing(outline):
			_insert(outline)


def shipped_pathways() -> list[dict[str, Any]]:
	"""The content of `seed/pathways/*.json`, by file name."""
	return [shipped(f"pathways/{path.stem}") for path in sorted((FOLDER / "pathways").glob("*.json"))]


def pathway(outline: dict[str, Any]) -> dict[str, Any]:
	"""A shipped pathway as a document in the language of the site."""
	return {
		"doctype": PATHWAY,
		"status": "Draft",
		**{key: value for key, value in outline.items() if key != "next"},
		**{field: text(outline[field]) for field in TEXTS},
		"steps": [_step(step) for step in outline["steps"]],
		"reactions": [{**row, "reason": text(row["reason"])} for row in outline.get("reactions", ())],
	}


def _insert(outline: dict[str, Any]) -> str:
	"""The name of a shipped pathway, inserted after the one that people go on with when they have outgrown it."""
	doc = frappe.get_doc(pathway(outline))
	if "next" in outline:
		following = shipped(f"pathways/{outline['next']}")
		doc.next_pathway = _standing(following) or _insert(following)
	return doc.insert().name


def _standing(outline: dict[str, Any]) -> str | None:
	titles = list(outline["title"].values())
	return frappe.db.get_value(PATHWAY, {"title": ("in", titles)}, order_by="version desc")


def _step(step: dict[str, Any]) -> dict[str, Any]:
	row = {**step, **{field: text(step[field]) for field in STEP_TEXTS if field in step}}
	for field, doctype in (("script", SCRIPT), ("questionnaire", QUESTIONNAIRE)):
		row[field] = _bound(doctype, step[field]) if field in step else None
	return row


def _bound(doctype: str, set_code: str) -> str | None:
	"""The text of a set: the one in use if there is one, in the language of the site, else in any; None when it is gone."""
	rows = frappe.get_all(
		doctype,
		filters={"set_code": set_code},
		fields=["name", "status", "language"],
		order_by="version desc, name",
	)
	own = text({row.language: row.language for row in rows} | {"en": "en"})
	rows.sort(key=lambda row: (row.language != own, row.status != "Approved"))
	return rows[0].name if rows else None
