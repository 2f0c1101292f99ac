"""Who recommended the hospital, as patients said it at discharge or in a survey; each stay counts once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import frappe
from frappe.utils import add_days

DISCHARGE = "Patient Discharge"
SURVEY = "Follow-up Survey"
PATIENT = "Follow-up Patient"
#: Sources that are word of mouth; the others are ways to find a hospital without anybody's advice.
WORD_OF_MOUTH = frozenset({"Patient", "Family or Friend", "Doctor or Hospital", "Hospital Staff"})


@dataclass(frozen=True, slots=True)
class Referral:
	"""One stay and what was said. `doctype`: where it was said."""

	doctype: str
	source: str
	department: str
	recommended_by: str
	recommending_patient: str

	@property
	def word_of_mouth(self) -> bool:
		return self.source in WORD_OF_MOUTH


def referrals(start: date, end: date, limits: Mapping[str, str | None]) -> tuple[list[Referral], int]:
	"""What was said in the period, as far as the session's user may read it, and the number of all discharges.

	A survey counts where the discharge it is about says nothing.
	"""
	chosen = {name: limits[name] for name in ("company", "department") if limits.get(name)}
	of_period = {"discharge_date": ("between", (start, end)), "cancelled": 0, **chosen}
	fields = ["name", "referral_source", "recommended_by", "recommended_by_patient", "department"]
	asked = {"referral_source": ("is", "set")}
	said = frappe.get_list(
		DISCHARGE, filters={**of_period, **asked}, fields=fields, order_by="discharge_date, name", limit=0
	)
	answered = frappe.get_list(
		SURVEY,
		filters={
			**asked,
			**chosen,
			"status": "Answered",
			"answered_on": ("between", (start, add_days(end, 1))),
		},
		fields=[*fields, "task", "answered_on"],
		order_by="answered_on, name",
		limit=0,
	)
	known = _stays_that_said_it([row.task for row in answered if row.task])
	again = _said_again([row.name for row in answered])
	rows = [_referral(DISCHARGE, row) for row in said]
	rows += [
		_referral(SURVEY, row)
		for row in answered
		if row.task not in known and row.name not in again and start <= row.answered_on.date() <= end
	]
	everybody = frappe.get_list(DISCHARGE, filters=of_period, pluck="name", order_by="name", limit=0)
	return rows, len(everybody)


def names_of(patients: set[str]) -> dict[str, str]:
	"""The names of recommending patients, of those that the session's user may read."""
	rows = frappe.get_list(
		PATIENT,
		filters={"name": ("in", sorted(patients) or [""])},
		fields=["name", "patient_name"],
		order_by="name",
		limit=0,
	)
	return {row.name: row.patient_name for row in rows}


def _stays_that_said_it(tasks: list[str]) -> set[str]:
	"""Those of `tasks` whose discharge says itself who recommended the hospital."""
	if not tasks:
		return set()
	task, discharge = frappe.qb.DocType("Follow-up Task"), frappe.qb.DocType(DISCHARGE)
	query = frappe.qb.from_(task).join(discharge).on(discharge.name == task.discharge).select(task.name)
	query = query.where(
		task.name.isin(tasks) & (discharge.referral_source != "") & (discharge.cancelled == 0)
	)
	return set(query.run(pluck=True))


def _said_again(surveys: list[str]) -> set[str]:
	"""Those of `surveys` before which another one about the same discharge had said it."""
	survey, task = frappe.qb.DocType(SURVEY), frappe.qb.DocType("Follow-up Task")
	before, its_task = survey.as_("earlier_survey"), task.as_("task_of_earlier_survey")
	earlier = (before.answered_on < survey.answered_on) | (
		(before.answered_on == survey.answered_on) & (before.name < survey.name)
	)
	query = frappe.qb.from_(survey).join(task).on(task.name == survey.task)
	query = query.join(its_task).on(its_task.discharge == task.discharge)
	query = query.join(before).on(before.task == its_task.name)
	query = query.where(survey.name.isin(surveys or [""]) & earlier)
	query = query.where((before.status == "Answered") & (before.referral_source != ""))
	return set(query.select(survey.name).run(pluck=True))


def _referral(doctype: str, row: Any) -> Referral:
	return Referral(
		doctype=doctype,
		source=row.referral_source,
		department=row.department or "",
		recommended_by=(row.recommended_by or "").strip(),
		recommending_patient=row.recommended_by_patient or "",
	)
