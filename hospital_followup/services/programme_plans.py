"""Plans of life-long programmes: all active enrolments of a patient planned together, and what moves with them.

One way in which a programme's contacts come into being, for one patient or ten thousand: read everything, let the engine
decide, write rows. A discharge's plan is made without regard to programmes; they find their place around it afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import frappe
from frappe.utils import cint, getdate, today

from hospital_followup.engine.programme import plan_programmes
from hospital_followup.engine.programme_course import Enrolled
from hospital_followup.engine.replan import diff
from hospital_followup.services import care_pathways, planning, plans, programme_status
from hospital_followup.services.care_pathways import ApprovedPathway
from hospital_followup.services.configuration import Configuration
from hospital_followup.services.failures import code_of
from hospital_followup.services.programme_snapshot import ProgrammeSnapshot, read_programmes
from hospital_followup.services.programme_status import ENROLMENT, fields_of
from hospital_followup.services.programme_writer import ProgrammeWriter
from hospital_followup.services.retry import has_lost_transaction, is_conflict
from hospital_followup.services.writer import chunks, set_values

PATIENT, PLAN, DISCHARGE = "Follow-up Patient", "Follow-up Plan", "Patient Discharge"
#: Days that contacts are made ahead where the settings do not say.
HORIZON_DAYS = 90
PATIENTS_AT_ONCE = 200
PLANS_AT_ONCE = 1_000
#: Fields of an enrolment that planning writes past its document.
WRITTEN_BY_PLANNING = ("plan", "planned_until", "status", "status_reason", "paused_on", "ended_on")
COURSE_OVER = "course_over"


@dataclass(slots=True)
class ProgrammeResult:
	"""Patients whose programmes were planned, plans written, enrolments that came to their end; `failed`: (patient, code)."""

	planned: list[str] = field(default_factory=list)
	plans: list[str] = field(default_factory=list)
	over: list[str] = field(default_factory=list)
	failed: list[tuple[str, str]] = field(default_factory=list)

	def add(self, other: ProgrammeResult) -> None:
		for name in ("planned", "plans", "over", "failed"):
			getattr(self, name).extend(getattr(other, name))


def plan_patients(patients: Sequence[str]) -> ProgrammeResult:
	"""Plan the programmes of `patients` in the current transaction. Nothing to change changes nothing.

	Patients without an active enrolment are planned too: what had joined a task of theirs leaves it. Whoever cannot be
	planned stays due and never stops the others.
	"""
	result, configuration = ProgrammeResult(), Configuration()
	for part in chunks(sorted(set(patients)), PATIENTS_AT_ONCE):
		result.add(_isolated(part, configuration))
	if result.over:
		_end(result.over)
	return result


def on_planned(plan_names: Sequence[str], cause: str | None = None) -> None:
	"""Discharges have been planned (hook `followup_planned`): programmes of the same patients find their place again."""
	plan, enrolment = frappe.qb.DocType(PLAN), frappe.qb.DocType(ENROLMENT)
	for part in chunks(list(plan_names), PLANS_AT_ONCE):
		_back_home(part)
		patients = (
			frappe.qb.from_(plan)
			.join(enrolment)
			.on((enrolment.patient == plan.patient) & (enrolment.status == "Active"))
			.select(plan.patient)
			.distinct()
			.where(plan.name.isin(part))
			.orderby(plan.patient)
			.run(pluck=True)
		)
		if patients:
			plan_patients(patients)


def _back_home(discharge_plans: Sequence[str]) -> None:
	"""Programmes that rested for a stay in hospital go on once that stay has ended in a discharge."""
	made, resting = frappe.qb.DocType(PLAN), frappe.qb.DocType(PLAN).as_("resting")
	rows = (
		frappe.qb.from_(made)
		.join(resting)
		.on(resting.patient == made.patient)
		.select(resting.name, resting.paused_on, made.start_date)
		.where(made.name.isin(discharge_plans) & (made.purpose == "Discharge") & (made.status == "Active"))
		.where((resting.purpose == "Programme") & (resting.status == "Paused"))
		.where((resting.pause_reason == "readmitted") & (resting.paused_on < made.creation))
		.orderby(resting.name)
		.run(as_dict=True)
	)
	for name in dict.fromkeys(row.name for row in rows if row.start_date >= getdate(row.paused_on)):
		plans.resume(name)


def on_enrolment_saved(doc: Any) -> None:
	"""Carry a saved enrolment into its plan, and plan the patient's programmes again."""
	before = doc.get_doc_before_save()
	moved = before is None or before.status != doc.status
	if moved and doc.plan:
		_move_plan(doc)
	replanned = moved or any(before.get(field) != doc.get(field) for field in ("anchor_date", "enrolled_on"))
	if replanned and (doc.plan or doc.status == "Active"):
		if doc.status == "Active" and (
			before is None or not doc.plan or before.status in ("Finished", "Left")
		):
			plan_discharges_beside([doc.patient])
		plan_patients([doc.patient])
		doc.update(frappe.db.get_value(ENROLMENT, doc.name, WRITTEN_BY_PLANNING, as_dict=True))


def on_enrolment_deletion(doc: Any) -> None:
	"""Nothing is left to do for an enrolment that is about to be deleted."""
	programme_status.part([doc.name])
	if doc.plan:
		frappe.db.set_value(PLAN, doc.plan, "enrolment", None, update_modified=False)
		if frappe.db.get_value(PLAN, doc.plan, "status") in plans.OPEN_PLANS:
			plans.stop(doc.plan, "enrolment_deleted")


def on_enrolment_deleted(doc: Any) -> None:
	"""What had joined another plan's task leaves it, and a discharge takes up what was left to the programme."""
	plan_discharges_beside([doc.patient])
	plan_patients([doc.patient])


def plan_discharges_beside(patients: Sequence[str]) -> None:
	"""Plan the patients' discharges again where they follow a pathway that has become, or is no longer, a programme."""
	wanted = {"patient": ("in", list(patients)), "decision": "Planned"}
	names = frappe.get_all(DISCHARGE, filters=wanted, pluck="name", order_by="name")
	if names:
		planning.plan_discharges(names, cause="enrolment_changed")


def horizon_days() -> int:
	"""How many days ahead contacts of programmes are made (setting)."""
	return cint(frappe.get_cached_doc("Follow-up Settings").programme_horizon_days) or HORIZON_DAYS


def _isolated(patients: list[str], configuration: Configuration) -> ProgrammeResult:
	"""All of `patients` in one round; when that fails, each on its own, so that one bad record costs only itself."""
	point = "followup_programmes"
	frappe.db.savepoint(point)
	try:
		result = _round(patients, configuration)
	except Exception as error:
		if has_lost_transaction(error) or is_conflict(error):
			raise  # the whole transaction is gone or stuck; the caller tries again
		frappe.db.rollback(save_point=point)
		result = ProgrammeResult()
		if len(patients) > 1:
			for patient in patients:
				result.add(_isolated([patient], configuration))
			return result
		due = {"patient": patients[0], "status": "Active"}
		names = frappe.get_all(ENROLMENT, filters=due, pluck="name", order_by="name")
		set_values(ENROLMENT, names, {"planned_until": None})
		result.failed.append((patients[0], code_of(error)))
		return result
	frappe.db.release_savepoint(point)
	return result


def _round(patients: list[str], configuration: Configuration) -> ProgrammeResult:
	day = getdate(today())
	writer = ProgrammeWriter(day)
	snapshots = read_programmes(patients, day)
	followed = _followed(snapshots, configuration)
	for item in snapshots:
		_plan_one(item, followed, configuration, writer, day)
	written = writer.write()
	_settle(patients)
	return ProgrammeResult(planned=patients, plans=written, over=writer.over)


def _settle(patients: list[str]) -> None:
	"""Nothing is left to plan for enrolments that rest or have ended."""
	resting = {"patient": ("in", patients), "status": ("!=", "Active"), "planned_until": ("is", "set")}
	names = frappe.get_all(ENROLMENT, filters=resting, pluck="name", order_by="name")
	set_values(ENROLMENT, names, {"planned_until": None})


def _plan_one(
	item: ProgrammeSnapshot,
	followed: dict[str, ApprovedPathway],
	configuration: Configuration,
	writer: ProgrammeWriter,
	day: date,
) -> None:
	first = item.enrolments[0].row if item.enrolments else frappe._dict()
	entries = [
		Enrolled(
			one.key,
			followed[one.row.name].pathway,
			getdate(one.row.anchor_date),
			getdate(one.row.enrolled_on),
		)
		for one in item.enrolments
	]
	existing = item.existing()
	decision = plan_programmes(
		entries,
		item.patient,
		configuration.for_programme(first.company, first.department, day),
		today=day,
		until=frappe.utils.add_days(day, horizon_days()),
		risk_tier=item.patient_row.risk_tier or "Medium",
		value_tier=item.value_tier,
		existing=existing,
		hosts=item.hosts,
		taken=item.taken,
	)
	own = {row.key for one in item.enrolments for row in one.tasks}
	contacts = [contact for made in decision.contacts.values() for contact in made]
	difference = diff([task for task in existing if task.key in own], contacts, day)
	writer.add(item, decision, difference, followed)


def _followed(
	snapshots: Sequence[ProgrammeSnapshot], configuration: Configuration
) -> dict[str, ApprovedPathway]:
	"""By enrolment the version that it is planned with: the newest approved one, else the one it was enrolled in."""
	rows = [one.row for item in snapshots for one in item.enrolments]
	enrolled = care_pathways.named([row.pathway for row in rows])
	newest = {one.pathway.title: one for one in configuration.pathways()}
	found = {}
	for row in rows:
		own = enrolled[row.pathway]
		found[row.name] = newest.get(own.pathway.title, own)
	return found


def _move_plan(doc: Any) -> None:
	status = frappe.db.get_value(PLAN, doc.plan, "status", for_update=True)
	if doc.status == "Paused" and status == "Active":
		plans.pause(doc.plan, doc.status_reason)
	elif doc.status == "Left" and status in plans.OPEN_PLANS:
		plans.stop(doc.plan, doc.status_reason)
	elif doc.status == "Finished" and status in plans.OPEN_PLANS:
		plans.end(doc.plan, doc.status_reason or COURSE_OVER)
	elif doc.status == "Active":
		_take_up(doc.plan, status)


def _take_up(plan: str, status: str) -> None:
	if status == "Stopped":
		plans.undo_stop(plan)
		status = frappe.db.get_value(PLAN, plan, "status")
	if status == "Paused":
		plans.resume(plan)
	elif status == "Completed":
		plans.move_plan(plan, "Active")


def _end(names: Sequence[str]) -> None:
	"""The course of these enrolments has ended with nothing left to do: enrolment Finished, plan Completed."""
	set_values(ENROLMENT, names, fields_of("Finished", COURSE_OVER))
	wanted = {"enrolment": ("in", list(names)), "status": "Active"}
	for plan in frappe.get_all(PLAN, filters=wanted, pluck="name", order_by="name"):
		plans.end(plan, COURSE_OVER)
