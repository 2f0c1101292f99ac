"""Programme rules, and patients whom they take in, for the tests."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.model.document import Document
from frappe.utils import add_days, add_to_date, getdate, now_datetime, today

from hospital_followup import jobs
from hospital_followup.services import programme_rules
from hospital_followup.services.runs import RUN
from tests.site.samples import saved, title

RULE, ENROLMENT, PATIENT = "Programme Rule", "Programme Enrolment", "Follow-up Patient"


def rule(pathway: str, **values: Any) -> Document:
	"""A rule that is switched on and runs every night, for everybody unless told otherwise."""
	given = {"title": title(), "enabled": 1, "nightly": 1, **values}
	return frappe.get_doc({"doctype": RULE, "pathway": pathway, **given}).insert()


def person(**values: Any) -> str:
	"""A patient of 60 years, or as told."""
	born = add_days(add_to_date(today(), years=-60), -10)
	return saved(PATIENT, **{"sex": "Female", "date_of_birth": born, **values}).name


def turned(years: int, *, days_ago: int = 0) -> Any:
	"""The birthday of who became so many years old so many days ago."""
	return getdate(add_to_date(add_days(today(), -days_ago), years=-years))


def settled(*names: str) -> None:
	"""Everything that there is was written long ago, and the rules have seen it; `names` alone are of today."""
	long_ago = add_to_date(now_datetime(), days=-30)
	for doctype in (PATIENT, "Patient Discharge"):
		for name in frappe.get_all(doctype, pluck="name", order_by="name"):
			if name not in names:
				frappe.db.set_value(doctype, name, "modified", long_ago, update_modified=False)


def yesterday(doc: Document) -> None:
	"""The rule has looked at everybody the night before."""
	found = programme_rules.named(doc.name)
	values = {"looked_until": add_to_date(now_datetime(), days=-1), "looked_with": found.digest}
	frappe.db.set_value(RULE, doc.name, values, update_modified=False)


def night() -> Document:
	"""The nightly job; its record."""
	jobs.followup_enrol_by_rule()
	return frappe.get_last_doc(RUN, {"job": "enrol"})


def enrolled(doc: Document) -> dict[str, str]:
	"""By patient: the status of every enrolment in the rule's programme."""
	programme = frappe.db.get_value("Care Pathway", doc.pathway, "title")
	versions = frappe.get_all("Care Pathway", {"title": programme}, pluck="name", order_by="name")
	rows = frappe.get_all(
		ENROLMENT, {"pathway": ("in", versions)}, ["patient", "status"], order_by="creation, name"
	)
	return {row.patient: row.status for row in rows}
