"""Briefs as services/brief.py gives them, for tests of what is made of them."""

from __future__ import annotations

from typing import Any

import frappe


def brief_of(**parts: dict[str, Any]) -> dict[str, dict[str, Any]]:
	"""The brief of Wang Xiuying, of whom nothing else is known; `who`, `why`, `happened`, `due` change its parts."""
	known: dict[str, dict[str, Any]] = {
		"who": {"patient_name": "王秀英", "sex": "Female", "age": None},
		"why": {"discharge_date": None, "diagnoses": [], "procedures": [], "medicines": []},
		"happened": {"contacts": [], "promise": None},
		"due": {"revisit": None, "diary": False, "revisit_date": None, "tests": [], "next_contacts": []},
	}
	return {name: {**values, **parts.get(name, {})} for name, values in known.items()}


def task_of(**values: Any) -> frappe._dict:
	return frappe._dict({"contact_point": "Patient", "kind": "Planned", **values})
