"""The one way in which tiers, plans and tasks come into being, for one discharge or ten thousand.

Read everything (snapshot), let the engine decide, write rows. Documents' own hooks do not fire; the hook
`followup_planned` fires once with the names of the plans (rules.md, Planning again).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import frappe
from frappe.utils import getdate, today

from hospital_followup.exceptions import PlanningError
from hospital_followup.services.configuration import Configuration
from hospital_followup.services.decision import Decision, decide
from hospital_followup.services.failures import code_of
from hospital_followup.services.followed_pathways import Titles
from hospital_followup.services.planwriter import PlanWriter
from hospital_followup.services.retry import has_lost_transaction, is_conflict
from hospital_followup.services.snapshot import read_discharges
from hospital_followup.services.writer import chunks, set_values

DISCHARGE = "Patient Discharge"
#: Discharges per read-decide-write round: few enough to keep memory flat and locks short.
CHUNK = 500
#: Names of waiting discharges read at once.
AT_ONCE = 10_000


@dataclass(slots=True)
class PlanningResult:
	"""What became of each discharge: names by decision; `failed` holds (name, code)."""

	planned: list[str] = field(default_factory=list)
	excluded: list[str] = field(default_factory=list)
	missed: list[str] = field(default_factory=list)
	unchanged: list[str] = field(default_factory=list)
	failed: list[tuple[str, str]] = field(default_factory=list)
	plans: list[str] = field(default_factory=list)

	@property
	def decided(self) -> int:
		return len(self.planned) + len(self.excluded) + len(self.missed)

	def add(self, other: PlanningResult) -> None:
		for name in ("planned", "excluded", "missed", "unchanged", "failed", "plans"):
			getattr(self, name).extend(getattr(other, name))


def plan_discharges(
	names: Sequence[str], *, cause: str, force: bool = False, newest: Titles = ()
) -> PlanningResult:
	"""Plan the discharges `names` in the current transaction and give each its decision.

	A discharge whose planning inputs are what they were is left alone unless `force`. A running plan keeps the versions
	of its pathways, but for the titles in `newest`, for which it is planned again; `force` means every title. One that cannot be planned (no
	policy covers it, a broken record) stays Pending with the code as its reason and never stops the others.
	`cause` (saved, dispatcher, replanned, …) goes to the hook's receivers.
	"""
	result, configuration = PlanningResult(), Configuration()
	for part in chunks(names, CHUNK):
		result.add(_plan_isolated(part, configuration, None if force else newest))
	if result.excluded and (others := _given_back(result.excluded)):
		result.add(_plan_isolated(others, configuration, ()))
	if result.plans:
		for method in frappe.get_hooks("followup_planned"):
			frappe.get_attr(method)(result.plans, cause=cause)
	return result


def replan(plan: str, *, cause: str = "replanned") -> PlanningResult:
	"""Plan the discharge of `plan` again with the policy that is active now."""
	return plan_discharges(
		[frappe.db.get_value("Follow-up Plan", plan, "discharge")], cause=cause, force=True
	)


def pending(tried: int = 0) -> list[str]:
	"""Discharges that wait for their decision, oldest first; as many more as were `tried` and still wait."""
	limit = AT_ONCE + tried
	return frappe.get_all(
		DISCHARGE, filters={"decision": "Pending"}, pluck="name", order_by="creation, name", limit=limit
	)


def _given_back(excluded: Sequence[str]) -> list[str]:
	"""Discharges that were excluded because of a later stay, when that later discharge is cancelled.

	Where a source says that the patient is back in hospital, its own word counts (services.admissions).
	"""
	mine = {"name": ("in", excluded), "decision_reason": "discharge_cancelled"}
	patients = frappe.get_all(DISCHARGE, filters=mine, pluck="patient", order_by="name")
	theirs = {"patient": ("in", patients), "decision": "Excluded", "decision_reason": "readmitted"}
	return frappe.get_all(
		DISCHARGE,
		filters={**theirs, "name": ("not in", excluded), "readmission_state": ("is", "not set")},
		pluck="name",
		order_by="name",
	)


def _plan_isolated(names: list[str], configuration: Configuration, newest: Titles) -> PlanningResult:
	"""All of `names` in one round; when that fails, each on its own, so that one bad record costs only itself."""
	point = "followup_planning"
	frappe.db.savepoint(point)
	try:
		result = _plan_round(names, configuration, newest)
	except Exception as error:
		if has_lost_transaction(error) or is_conflict(error):
			raise  # the whole transaction is gone or stuck; the caller tries again
		frappe.db.rollback(save_point=point)
		if len(names) > 1:
			result = PlanningResult()
			for name in names:
				result.add(_plan_isolated([name], configuration, newest))
			return result
		return _not_planned(names[0], code_of(error))
	frappe.db.release_savepoint(point)
	return result


def _plan_round(names: list[str], configuration: Configuration, newest: Titles) -> PlanningResult:
	day = getdate(today())
	result, writer = PlanningResult(), PlanWriter(day)
	for item in read_discharges(names):
		name = item.row["name"]
		try:
			decision = decide(item, configuration, day, newest=newest)
		except PlanningError as error:
			result.add(_not_planned(name, error.code))
			continue
		if (
			decision.inputs_hash == item.row["inputs_hash"]
			and item.row["decision"] != "Pending"
			and newest is not None
			and not newest
		):
			result.unchanged.append(name)
			continue
		_sort_in(result, name, decision)
		writer.add(item, decision)
	result.plans = writer.write()
	return result


def _sort_in(result: PlanningResult, name: str, decision: Decision) -> None:
	{"Planned": result.planned, "Excluded": result.excluded, "Missed": result.missed}[
		decision.decision
	].append(name)


def _not_planned(name: str, code: str) -> PlanningResult:
	if frappe.db.get_value(DISCHARGE, name, "decision") == "Pending":
		set_values(DISCHARGE, [name], {"decision_reason": code})
	return PlanningResult(failed=[(name, code)])
