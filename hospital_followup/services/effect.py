"""What follow-up changed: patients who were followed up against those whom the lot had held out.

Everybody counts in the group that the lot put them in, whatever happened later. Only what the hospital's own documents
show is counted, in both groups alike: what a patient says in a contact is known of those who are contacted only.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import frappe
from frappe.utils import getdate, today

from hospital_followup.engine.holdout import FOLLOWED_UP, HELD_OUT
from hospital_followup.engine.uplift import Proportion, Uplift, uplift
from hospital_followup.services.revisit_limits import limits, readmission_days
from hospital_followup.services.writer import chunks

DISCHARGE = "Patient Discharge"
REVISIT = "Follow-up Revisit"
LOG = "Follow-up Log"
ATTENDED, READMITTED = "Revisit Attended", "Readmitted"
AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Comparison:
	"""Both outcomes, how many were drawn into each group, and how many held out were followed up after all."""

	revisit: Uplift
	readmission: Uplift
	followed_up: int
	held_out: int
	crossed_over: int


def compare(
	start: date, end: date, *, company: str | None = None, department: str | None = None
) -> Comparison:
	"""The groups among the discharges from `start` to `end` that the session's user may read."""
	filters: dict[str, Any] = {
		"comparison_group": ("in", (FOLLOWED_UP, HELD_OUT)),
		"discharge_date": ("between", (start, end)),
		"cancelled": 0,
	}
	filters |= {name: value for name, value in (("company", company), ("department", department)) if value}
	rows = frappe.get_list(
		DISCHARGE,
		filters=filters,
		fields=[
			*("name", "comparison_group", "decision", "discharge_date"),
			*("readmitted_on", "readmission_evidence_doctype"),
		],
		order_by="discharge_date, name",
		limit=0,
	)
	group = {row.name: row.comparison_group for row in rows}
	held = [row for row in rows if row.comparison_group == HELD_OUT]
	day = getdate(today())
	return Comparison(
		revisit=_uplift(_revisits(group, day)),
		readmission=_uplift(_readmissions(rows, day)),
		followed_up=len(rows) - len(held),
		held_out=len(held),
		crossed_over=sum(row.decision == "Planned" for row in held),
	)


def _uplift(found: Iterable[tuple[str, bool]]) -> Uplift:
	counted = list(found)
	treated = [happened for group, happened in counted if group == FOLLOWED_UP]
	control = [happened for group, happened in counted if group == HELD_OUT]
	return uplift(Proportion(sum(treated), len(treated)), Proportion(sum(control), len(control)))


def _revisits(group: dict[str, str], day: date) -> Iterable[tuple[str, bool]]:
	"""Stays whose first expected revisit is long enough ago for a late visit to count."""
	settled = day - timedelta(days=limits().late)
	seen: set[str] = set()
	for part in chunks(list(group), AT_ONCE):
		rows = frappe.get_all(
			REVISIT,
			filters={
				"discharge": ("in", part),
				"status": ("!=", "Cancelled"),
				"expected_on": ("<", settled),
			},
			fields=["discharge", "status", "evidence_doctype", "evidence_name"],
			order_by="expected_on, name",
		)
		for row in rows:
			if row.discharge not in seen:
				seen.add(row.discharge)
				documented = bool(row.evidence_name) and row.evidence_doctype != LOG
				yield group[row.discharge], row.status == "Attended" and documented


def _readmissions(rows: Iterable[frappe._dict], day: date) -> Iterable[tuple[str, bool]]:
	"""Stays that ended long enough ago; a readmission that only a contact told of does not count."""
	within = timedelta(days=readmission_days())
	for row in rows:
		if row.discharge_date + within < day:
			back = row.readmitted_on if row.readmission_evidence_doctype != LOG else None
			yield row.comparison_group, bool(back) and back <= row.discharge_date + within
