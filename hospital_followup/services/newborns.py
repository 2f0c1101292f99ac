"""Mother and newborn: from the mother's enrolment the child is taken into a programme of its own, and the two are linked."""

from __future__ import annotations

from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.utils import getdate, today

from hospital_followup.exceptions import InvalidValueError
from hospital_followup.services import programmes
from hospital_followup.services.programme_consents import ConsentGiven

PATIENT, ENROLMENT, PATHWAY = "Follow-up Patient", "Programme Enrolment", "Care Pathway"
MOTHER, NEWBORN = "Mother", "Newborn"
#: What a newborn has from the mother until somebody enters something else.
FROM_MOTHER = ("home_address", "directions", "language", "time_zone", "company", "department")
MOTHER_FIELDS = (*FROM_MOTHER, "name", "patient_name", "patient_id", "mobile", "sex")


def enrol_newborn(
	enrolment: str,
	pathway: str,
	*,
	child: str | None = None,
	patient_id: str | None = None,
	patient_name: str | None = None,
	sex: str | None = None,
	date_of_birth: date | None = None,
	consent: ConsentGiven | None = None,
) -> str:
	"""Enrol the child of the woman of `enrolment` in `pathway`, which counts from birth; the name of the child's enrolment.

	`child` is a patient we know; without one the child becomes a patient, whose guardian is the mother. Asked twice, it is
	enrolled once. Raises InvalidValueError when this cannot be a mother, the pathway does not count from birth, or the
	birthday is missing.
	"""
	mother = _mother(enrolment)
	_require_birth_pathway(pathway)
	child = child or _child_of(mother, patient_id, patient_name, sex, date_of_birth)
	_require_other(child, mother)
	made = programmes.enrol(
		child, pathway, through=programmes.BY_HAND, consent=consent, related=enrolment, relation=MOTHER
	)
	_link(made, enrolment, MOTHER)  # where a rule, or somebody, had enrolled the child before
	# The first child stands on the mother's form as her link; further ones (twins) link to her from theirs.
	_link(enrolment, made, NEWBORN)
	return made


def proposal(enrolment: str) -> dict[str, Any]:
	"""What the form fills in for a newborn of the woman of `enrolment`: a number that is free, and who looks after it."""
	mother = _mother(enrolment)
	number = 1
	while frappe.db.exists(
		PATIENT, {"company": mother.company or "", "patient_id": f"{mother.patient_id}-{number}"}
	):
		number += 1
	return {
		"patient_id": f"{mother.patient_id}-{number}",
		"caregiver": mother.patient_name,
		"pathways": frappe.get_all(
			PATHWAY, filters={"anchor": "Birth", "status": "Approved"}, pluck="name", order_by="name"
		),
	}


def _link(enrolment: str, related: str, relation: str) -> None:
	if not frappe.db.get_value(ENROLMENT, enrolment, "related_enrolment"):
		frappe.db.set_value(ENROLMENT, enrolment, {"related_enrolment": related, "relation": relation})


def _mother(enrolment: str) -> frappe._dict:
	mother = frappe.db.get_value(
		PATIENT, frappe.db.get_value(ENROLMENT, enrolment, "patient"), MOTHER_FIELDS, as_dict=True
	)
	if mother.sex == "Male":
		frappe.throw(
			_("{0} is entered as male. A newborn is enrolled from the mother's programme.").format(
				frappe.bold(mother.patient_name)
			),
			InvalidValueError,
			title=_("Mother and Newborn"),
		)
	return mother


def _require_birth_pathway(pathway: str) -> None:
	if frappe.db.get_value(PATHWAY, pathway, "anchor") != "Birth":
		frappe.throw(
			_("{0} does not count from birth. Choose a pathway for children.").format(frappe.bold(pathway)),
			InvalidValueError,
			title=_("Mother and Newborn"),
		)


def _require_other(child: str, mother: frappe._dict) -> None:
	born = frappe.db.get_value(PATIENT, child, "date_of_birth")
	if child == mother.name or not born:
		frappe.throw(
			_("Choose the child, with its date of birth; the programme counts from that day."),
			InvalidValueError,
			title=_("Mother and Newborn"),
		)


def _child_of(
	mother: frappe._dict,
	patient_id: str | None,
	patient_name: str | None,
	sex: str | None,
	born: date | None,
) -> str:
	"""The child as a patient; one with this number that the mother looks after already is the same child."""
	if not (patient_id and patient_name and born) or born > getdate(today()):
		frappe.throw(
			_("Enter the newborn's hospital number, name and date of birth, which is not in the future."),
			InvalidValueError,
			title=_("Mother and Newborn"),
		)
	known = _child_with(mother, patient_id)
	if known and frappe.db.get_value(PATIENT, known, "date_of_birth") == born:
		return known
	return (
		frappe.get_doc(
			{
				"doctype": PATIENT,
				**{field: mother[field] for field in FROM_MOTHER},
				"patient_id": patient_id,
				"patient_name": patient_name,
				"sex": sex,
				"date_of_birth": born,
				"caregiver_name": mother.patient_name,
				"caregiver_relation": _(MOTHER),
				"caregiver_mobile": mother.mobile,
			}
		)
		.insert()
		.name
	)


def _child_with(mother: frappe._dict, patient_id: str) -> str | None:
	"""The patient with this number whom the mother, told by her name and number, looks after."""
	return frappe.db.get_value(
		PATIENT,
		{
			"company": mother.company or "",
			"patient_id": patient_id.strip(),
			"caregiver_name": mother.patient_name,
			"caregiver_mobile": mother.mobile or ("is", "not set"),
		},
	)
