"""Which programmes could be chosen for a patient: what the dialog "Enrol in a Programme" shows."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.utils import getdate, today

from hospital_followup.engine.dates import age_on
from hospital_followup.engine.programme_rules import anchor_of_enrolment
from hospital_followup.services import care_pathways, programme_consents

#: Pathways that count from a discharge or an operation belong to the plan of a discharge.
ANCHORS = ("Birth", "Enrolment", "Expected Delivery")


def offered_to(patient: str) -> list[dict[str, Any]]:
	"""The approved programmes by title, with the day each counts from (None: to be entered) and what the patient said.

	`suits` is False where age or sex do not fit; a person may know better.
	"""
	row = frappe.db.get_value("Follow-up Patient", patient, ["date_of_birth", "sex"], as_dict=True)
	born, day = row.date_of_birth, getdate(today())
	known = [one for one in care_pathways.approved() if one.pathway.anchor in ANCHORS]
	said = programme_consents.words((patient, one.pathway.title) for one in known)
	found = []
	for one in known:
		wanted, anchor = one.pathway.applies, one.pathway.anchor
		age = age_on(born, day) if born else None
		suits = (not wanted.sex or wanted.sex == row.sex) and (
			age is None or ((wanted.age_from or 0) <= age and (wanted.age_to is None or age <= wanted.age_to))
		)
		word = said.get((patient, one.pathway.title))
		found.append(
			{
				"pathway": one.name,
				"title": one.pathway.title,
				"anchor": anchor,
				"anchor_date": anchor_of_enrolment(anchor, born, day),
				"agreed": bool(word and word.agreed),
				"suits": suits,
			}
		)
	return sorted(found, key=lambda entry: (not entry["suits"], entry["title"]))
