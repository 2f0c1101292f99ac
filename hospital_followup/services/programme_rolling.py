"""The rolling horizon: enrolments whose next contact has come into it are planned, whoever else is enrolled.

An enrolment says itself until when nothing new has to be planned (`planned_until`), so that the cost of a night grows
with what is due and not with how many people are enrolled.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

import frappe

from hospital_followup.services import programme_plans
from hospital_followup.services.programme_status import ENROLMENT, STATUS_OF
from hospital_followup.services.runs import Run

#: Enrolments read at once, and patients planned in one transaction.
AT_ONCE = 10_000
PATIENTS_AT_ONCE = 200


def roll(record: Run, today: date) -> None:
	"""Plan every enrolment that is due to be planned, a few hundred patients to a transaction."""
	tried: set[str] = set()
	while patients := [name for name in due(today, len(tried)) if name not in tried]:
		tried.update(patients)
		record.total += len(patients)
		record.each("Follow-up Patient", patients, partial(_plan, record), size=PATIENTS_AT_ONCE)
		if record.stopped:
			return


def due(today: date, tried: int = 0) -> list[str]:
	"""Patients with an active enrolment that nobody has planned up to `today`, or one that rests or ended unplanned."""
	enrolment = frappe.qb.DocType(ENROLMENT)
	found: list[str] = []
	new = (enrolment.status == "Active") & enrolment.planned_until.isnull()
	passed = enrolment.status.isin(sorted(set(STATUS_OF.values()))) & (enrolment.planned_until < today)
	# Two questions, each answered from the index (status, planned_until).
	for waits in (new, passed):
		query = frappe.qb.from_(enrolment).select(enrolment.patient).where(waits)
		found += query.orderby(enrolment.planned_until).limit(AT_ONCE + tried).run(pluck=True)
	return list(dict.fromkeys(found))


def _plan(record: Run, patients: Sequence[str]) -> None:
	if begun := _beginning(patients):
		programme_plans.plan_discharges_beside(begun)
	result = programme_plans.plan_patients(patients)
	for patient, code in result.failed:
		record.failed(code, "Follow-up Patient", patient)
	record.done(len(patients) - len(result.failed))


def _beginning(patients: Sequence[str]) -> list[str]:
	wanted = {"patient": ("in", list(patients)), "status": "Active", "plan": ("is", "not set")}
	return frappe.get_all(ENROLMENT, filters=wanted, pluck="patient", distinct=True, order_by="patient")
