"""The queries of planning. Each takes many names and is one statement; rows come in the order of their names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import frappe
from frappe.utils import getdate

DISCHARGE = "Patient Discharge"
TIER = "Patient Tier"
CONSENT = "Follow-up Consent"


def select(
	doctype: str, fields: Sequence[str], key: str, values: Iterable[str], *, lock: bool = False
) -> list[frappe._dict]:
	"""Rows of `doctype` whose `key` is in `values`, in the order of their names, so that planners lock in one order."""
	wanted = list(values)
	if not wanted:
		return []
	table = frappe.qb.DocType(doctype)
	query = (
		frappe.qb.from_(table)
		.select(*[table[name] for name in fields])
		.where(table[key].isin(wanted))
		.orderby(table.name)
	)
	if lock:
		query = query.for_update()
	return query.run(as_dict=True)


def children(
	doctype: str, fields: Sequence[str], parents: Iterable[str], *, lock: bool = False
) -> dict[str, list[frappe._dict]]:
	"""Child rows by parent, each list in the order of the grid."""
	wanted = list(parents)
	if not wanted:
		return {}
	table = frappe.qb.DocType(doctype)
	query = (
		frappe.qb.from_(table)
		.select(table.parent, *[table[name] for name in fields])
		.where(table.parent.isin(wanted))
		.orderby(table.parent)
		.orderby(table.idx)
	)
	if lock:
		query = query.for_update()
	return group(query.run(as_dict=True), "parent")


def overrides(discharges: Sequence[str]) -> dict[str, frappe._dict]:
	"""The latest submitted clinician's assessment of each discharge."""
	if not discharges:
		return {}
	tier = frappe.qb.DocType(TIER)
	rows = (
		frappe.qb.from_(tier)
		.select(tier.name, tier.discharge, tier.risk_tier, tier.assessed_on)
		.where(tier.discharge.isin(discharges) & (tier.method == "Clinician") & (tier.docstatus == 1))
		.orderby(tier.assessed_on)
		.orderby(tier.creation)
		.run(as_dict=True)
	)
	return {row.discharge: row for row in rows}


def stays(patients: Sequence[str]) -> list[frappe._dict]:
	"""Every hospital stay of these patients that was not cancelled."""
	if not patients:
		return []
	stay = frappe.qb.DocType(DISCHARGE)
	return (
		frappe.qb.from_(stay)
		.select(stay.name, stay.patient, stay.admission_date, stay.discharge_date, stay.length_of_stay)
		.select(stay.readmission_state)
		.where(stay.patient.isin(patients) & (stay.cancelled == 0))
		.orderby(stay.discharge_date)
		.run(as_dict=True)
	)


def consents(patients: Sequence[str]) -> list[frappe._dict]:
	"""Clinical consents of these patients, given and withdrawn."""
	if not patients:
		return []
	consent = frappe.qb.DocType(CONSENT)
	return (
		frappe.qb.from_(consent)
		.select(consent.patient, consent.channel, consent.given_on, consent.withdrawn_on)
		.where(consent.patient.isin(patients) & (consent.purpose == "Clinical"))
		.where(in_general(consent))
		.orderby(consent.creation)
		.run(as_dict=True)
	)


def programmes_of(patients: Sequence[str]) -> dict[str, list[frappe._dict]]:
	"""By patient the pathways followed as a programme: title, and `ended_on` where the patient is in it no more.

	Who has not agreed yet, or never did, is in no programme.
	"""
	if not patients:
		return {}
	enrolment, pathway = frappe.qb.DocType("Programme Enrolment"), frappe.qb.DocType("Care Pathway")
	rows = (
		frappe.qb.from_(enrolment)
		.join(pathway)
		.on(pathway.name == enrolment.pathway)
		.select(enrolment.patient, pathway.title, enrolment.ended_on)
		.where(enrolment.patient.isin(patients))
		.where((enrolment.status == "Active") | (enrolment.plan != ""))
		.orderby(enrolment.name)
		.run(as_dict=True)
	)
	return group(rows, "patient")


def in_programmes(enrolments: Iterable[frappe._dict], discharged: date) -> frozenset[str]:
	"""Titles that a discharge leaves to a programme. Who rests from one, or has left it since, is not called all the same;
	the discharge of a later stay takes the pathway up again."""
	return frozenset(
		one.title for one in enrolments if not one.ended_on or getdate(one.ended_on) >= discharged
	)


def in_general(consent: Any) -> Any:
	"""What `consent`, the table, must meet to be about contacts in general: a word about one programme is about that only."""
	return consent.programme.isnull() | (consent.programme == "")


def group(rows: Iterable[frappe._dict], key: str) -> dict[str, list[frappe._dict]]:
	grouped: defaultdict[str, list[frappe._dict]] = defaultdict(list)
	for row in rows:
		grouped[row[key]].append(row)
	return grouped
