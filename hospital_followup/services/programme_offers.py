"""Which programmes a patient is in, and which could be chosen: what the dialog "Enrol in a Programme" shows."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.utils import getdate, today

from hospital_followup.engine.dates import age_on
from hospital_followup.services import care_pathways, programme_consents
from hospital_followup.services.programme_status import ENROLMENT

#: Pathways that count from a discharge or an operation belong to the plan of a discharge.
ANCHORS = ("Birth", "Enrolment", "Expected Delivery")
FIELDS = (
	*("name", "pathway", "anchor_date", "enrolled_on", "status", "status_reason", "plan"),
	*("related_enrolment", "relation"),
)


def enrolments_of(patient: str) -> list[dict[str, Any]]:
	"""The patient's enrolments that the user may read, the latest first, with the title of each programme."""
	rows = frappe.get_list(
		ENROLMENT, filters={"patient": patient}, fields=list(FIELDS), order_by="creation desc, name", limit=0
	)
	titles = {row.pathway: frappe.get_cached_value("Care Pathway", row.pathway, "title") for row in rows}
	return [{**row, "title": titles[row.pathway]} for row in rows]


def offered_to(patient: str) -> list[dict[str, Any]]:
	"""The approved programmes by title, with the day each counts from (None: to be entered) and what the patient said.

	`suits` is False where age or sex do not fit; a person may know better.
	"""
	row = frappe.db.get_value("Follow-up Patient", patient, ["date_of_birth", "sex"], as_dict=True)
	born = getdate(row.date_of_birth) if row.date_of_birth else None
	known = [one for one in care_pathways.approved() if one.pathway.anchor in ANCHORS]
	said = programme_consents.words((patient, one.pathway.title) for one in known)
	found = []
	for one in known:
		wanted, anchor = one.pathway.applies, one.pathway.anchor
		age = age_on(born, getdate(today())) if born else None
		suits = (not wanted.sex or wanted.sex == row.sex) and (
			age is None or ((wanted.age_from or 0) <= age and (wanted.age_to is None or age <= wanted.age_to))
		)
		word = said.get((patient, one.pathway.title))
		found.append(
			{
				"pathway": one.name,
				"title": one.pathway.title,
				"anchor": anchor,
				"anchor_date": {"Birth": born, "Enrolment": getdate(today())}.get(anchor),
				"agreed": bool(word and word.agreed),
				"suits": suits,
			}
		)
	return sorted(found, key=lambda entry: (not entry["suits"], entry["title"]))
