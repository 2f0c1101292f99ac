"""The nightly proof that no discharge was forgotten, and the repair where one was.

Reads what the sources say, not what events told: an event that was lost (our code broken, a deadlock, a restored backup)
shows here.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial

import frappe
from frappe.query_builder.functions import Count
from frappe.utils import add_to_date, getdate, now_datetime

from hospital_followup.engine.ports import DischargeIntake
from hospital_followup.services import dispatch, intake, patient_history
from hospital_followup.services.patient_intake import changed_patients, refresh_patient
from hospital_followup.services.runs import RUN, Run, run
from hospital_followup.sources.registry import intakes

DISCHARGE = "Patient Discharge"
PLAN = "Follow-up Plan"
JOB = "reconcile"
#: Stays taken over per round; a fresh installation may find thousands.
ROUND = 1_000
#: How far back the first reconciliation looks for changes; later ones look back to the one before.
FIRST_LOOK = timedelta(days=3)
#: The clocks of several servers differ, and a transaction commits after it has stamped its rows.
OVERLAP = timedelta(hours=1)


def reconcile(today: date) -> dict[str, int]:
	"""Bring ledger and sources together; returns how many discharges were counted, taken over, repaired and undecided."""
	figures = {"discharges": 0, "taken_over": 0, "repaired": 0, "undecided": 0}
	since = _last_look()
	with run(JOB) as record:
		for source in intakes().values():
			if source.available():
				figures["taken_over"] += _unrecorded(record, source)
				record.stage("changed", partial(_changed, record, source, since))
		record.stage("patients", partial(_patients, record, since))
		figures["repaired"] = _planned_without_plan(record)
		record.stage("plan", partial(dispatch.plan_pending, record))
		record.stage("admissions", partial(dispatch.settle_admissions, record))
		record.stage("history", partial(_history, record))
		figures["discharges"] = _count({})
		figures["undecided"] = undecided_count()
	record.raise_if_failed()
	return figures


def undecided_count() -> int:
	"""Discharges without a decision: those that wait for one, and recent ones that never reached the ledger."""
	return _count({"decision": "Pending"}) + unrecorded_count()


def unrecorded_count() -> int:
	"""Stays of the last week that ended in a source and that no Patient Discharge carries."""
	first = _ledger_from()
	if not first:
		return 0
	# The nightly run looks through the whole ledger; the figure on the desk must stay quick.
	recent = max(first, getdate() - timedelta(days=7))
	return sum(len(source.unrecorded(recent, ROUND)) for source in intakes().values() if source.available())


def _unrecorded(record: Run, source: DischargeIntake) -> int:
	"""Take over the stays since the ledger began that have no Patient Discharge; how many."""
	first = _ledger_from()
	if not first:
		return 0
	before, tried = record.tally.done, set()
	while names := [name for name in source.unrecorded(first, ROUND + len(tried)) if name not in tried]:
		tried.update(names)
		_take_over(record, source.doctype, names)
	return record.tally.done - before


def _changed(record: Run, source: DischargeIntake, since: datetime) -> None:
	"""Read again what was written or deleted since the last reconciliation."""
	known = set(source.changed(since))
	deleted = frappe.get_all(
		"Deleted Document",
		filters={"deleted_doctype": source.doctype, "creation": (">=", since)},
		pluck="deleted_name",
		order_by="creation",
	)
	_take_over(record, source.doctype, sorted(known), partial(_concerns, source))
	for name in deleted:
		record.step("deleted", partial(_forget, source.doctype, name))


def _concerns(source: DischargeIntake, name: str) -> bool:
	stay = source.read(name)
	return stay is not None and (intake.is_known(stay) or stay.state in ("cancelled", "expected"))


def _forget(doctype: str, name: str) -> None:
	if not frappe.db.exists(doctype, name):
		intake.forget_stay(doctype, name)


def _take_over(
	record: Run, doctype: str, names: list[str], wanted: Callable[[str], bool] = lambda _name: True
) -> None:
	"""Take over those of `names` that are `wanted`; one that cannot even be read costs only itself."""

	def work(part: list[str]) -> None:
		for name in part:
			with record.row(doctype, name):
				if wanted(name):
					dispatch.take_over(doctype, name)

	record.each(doctype, names, work, size=50)


def _patients(record: Run, since: datetime) -> None:
	for doctype, name in changed_patients(since):
		record.step("patient", lambda doctype=doctype, name=name: refresh_patient(doctype, name) and None)


def _history(record: Run) -> None:
	_take_over(record, patient_history.LOG, patient_history.unsettled())


def _planned_without_plan(record: Run) -> int:
	"""A Planned discharge whose plan is gone is planned again; how many."""
	discharge, plan = frappe.qb.DocType(DISCHARGE), frappe.qb.DocType(PLAN)
	names = (
		frappe.qb.from_(discharge)
		.left_join(plan)
		.on(plan.name == discharge.plan)
		.select(discharge.name)
		.where((discharge.decision == "Planned") & plan.name.isnull())
		.orderby(discharge.name)
		.run(pluck=True)
	)
	if names:
		record.step("repair", partial(_wait_again, names))
	return len(names)


def _wait_again(names: list[str]) -> int:
	from hospital_followup.services.writer import set_values

	set_values(DISCHARGE, names, {"decision": "Pending", "plan": None, "inputs_hash": None})
	return 0


def _count(filters: dict[str, str]) -> int:
	table = frappe.qb.DocType(DISCHARGE)
	query = frappe.qb.from_(table).select(Count("*"))
	if first := _ledger_from():
		query = query.where(table.discharge_date >= first)
	for field, value in filters.items():
		query = query.where(table[field] == value)
	return query.run()[0][0]


def _ledger_from() -> date | None:
	first = frappe.get_cached_doc("Follow-up Settings").ledger_from
	return getdate(first) if first else None


def _last_look() -> datetime:
	"""Since when to look for changes: the start of the last reconciliation that came to its end."""
	last = frappe.get_all(
		RUN,
		filters={"job": JOB, "status": "Finished"},
		pluck="started_at",
		order_by="started_at desc",
		limit=1,
	)
	return last[0] - OVERLAP if last else add_to_date(now_datetime(), days=-FIRST_LOOK.days)
