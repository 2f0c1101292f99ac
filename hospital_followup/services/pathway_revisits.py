"""Revisits that a pathway speaks of: expected when the plan is made, in line with the plan whenever it is made again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import frappe
from frappe.utils import getdate

from hospital_followup.engine.pathway import visits
from hospital_followup.services import care_pathways, queries, revisits
from hospital_followup.services.care_pathways import PLAN_PATHWAY, ApprovedPathway
from hospital_followup.services.revisit_limits import limits

REVISIT, PLAN, DISCHARGE = "Follow-up Revisit", "Follow-up Plan", "Patient Discharge"
ORIGIN = "Care Pathway"
PLAN_FIELDS = ("name", "patient", "discharge", "start_date", "status")


def on_planned(plans: Sequence[str], cause: str | None = None) -> None:
	"""Expect the visits of the pathways of `plans`, move those whose day has changed, give up those no longer meant."""
	rows = queries.children(PLAN_PATHWAY, ("pathway", "anchor_date", "ended_on"), plans)
	known = queries.group(
		queries.select(REVISIT, ("name", "plan", "key", "status", "origin", "expected_on"), "plan", plans),
		"plan",
	)
	concerned = [
		plan for plan in plans if plan in rows or any(row.origin == ORIGIN for row in known.get(plan, ()))
	]
	if not concerned:
		return
	pathways = care_pathways.named([row.pathway for own in rows.values() for row in own])
	of_plans = queries.select(PLAN, PLAN_FIELDS, "name", concerned)
	stays = queries.select(
		DISCHARGE, ("name", "revisit_date"), "name", {row.discharge for row in of_plans if row.discharge}
	)
	named = {stay.name: getdate(stay.revisit_date) for stay in stays if stay.revisit_date}
	for plan in of_plans:
		wanted = _wanted(plan, rows.get(plan.name, ()), pathways)
		_follow(plan, wanted, known.get(plan.name, ()), named.get(plan.discharge))


def _wanted(
	plan: frappe._dict, rows: Sequence[frappe._dict], pathways: dict[str, ApprovedPathway]
) -> dict[str, date]:
	"""By key: the day of each visit that the plan's pathways speak of."""
	if plan.status == "Stopped":
		return {}
	found = {}
	for row in rows:
		one = None if row.ended_on else pathways.get(row.pathway)
		if one and one.revisits:
			days = visits(one.pathway, getdate(row.anchor_date), getdate(plan.start_date), one.revisits)
			found.update({f"plan|{plan.name}|{one.pathway.title}|{step}": day for step, day in days})
	return found


def _follow(
	plan: frappe._dict, wanted: dict[str, date], known: Sequence[frappe._dict], named: date | None
) -> None:
	own = {row.key: row for row in known if row.origin == ORIGIN}
	# The discharge, or a call, already names this visit: one visit is expected once.
	taken = [getdate(row.expected_on) for row in known if row.origin != ORIGIN and row.status != "Cancelled"]
	taken += [named] if named else []
	near = limits().early
	made = []
	for key, day in sorted(wanted.items(), key=lambda item: (item[1], item[0])):
		if key not in own and any(abs((day - other).days) <= near for other in taken):
			continue
		taken.append(day)
		made.append(
			revisits.expect(
				key=key,
				patient=plan.patient,
				expected_on=day,
				origin=ORIGIN,
				plan=plan.name,
				discharge=plan.discharge,
			)
		)
	if made:
		revisits.prepare(made)
	gone = [row.name for key, row in own.items() if key not in wanted and row.status in revisits.UNDECIDED]
	if gone:
		revisits.cancel(gone, revisits.NOT_PLANNED)
