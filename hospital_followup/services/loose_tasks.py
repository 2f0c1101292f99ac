"""Tasks that belong to no plan: whom they ask for, how urgent they are, and that each is made once."""

from __future__ import annotations

from datetime import date
from typing import Any

import frappe

from hospital_followup.channels.messages import is_minor
from hospital_followup.services import tasks
from hospital_followup.services.tasks import TASK
from hospital_followup.services.writer import insert_new, new_names


def contact_point(born: date | None, today: date) -> str:
	"""Who is asked for: the guardian of a patient under the age in the settings, else the patient."""
	return "Caregiver" if is_minor({"date_of_birth": born}, today) else "Patient"


def insert(task: dict[str, Any], today: date) -> str | None:
	"""Insert the task, ranked for `today`; its name, or None when somebody else has just made one with its key."""
	row = {"name": new_names(1)[0], "attempts": 0, "on_hold": 0, "first_contact": 0, **task}
	row["priority"] = tasks.priority_of(frappe._dict(row), today)
	return row["name"] if insert_new(TASK, [row]) else None
