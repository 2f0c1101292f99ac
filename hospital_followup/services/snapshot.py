"""Reading: the site's configuration and a batch of discharges, frozen into the engine's value objects.

The number of queries does not depend on the number of discharges. The discharges, and the plans and tasks they name, are
read with a lock: at REPEATABLE READ a plain read could miss what another planner committed while this one waited. Only
rows that exist are locked, never a gap: two planners of new patients must not wait for each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import frappe
from frappe.utils import getdate

from hospital_followup.channels.registry import registered
from hospital_followup.engine.model import DischargeFacts, PatientFacts, ValueFacts
from hospital_followup.services import followed_pathways, queries
from hospital_followup.services.facts import admission_day, discharge_facts, patient_facts
from hospital_followup.services.followed_pathways import PlanPathways

DISCHARGE = "Patient Discharge"
PATIENT = "Follow-up Patient"
PLAN = "Follow-up Plan"
TASK = "Follow-up Task"
TIER = "Patient Tier"
VALUE = "Patient Value"

#: The fields of an unsaved document that a preview reads instead of the stored ones.
DISCHARGE_INPUTS = (
	"admission_date",
	"discharge_date",
	"department",
	"company",
	"disposition",
	"length_of_stay",
	"emergency_admission",
	"charlson",
	"ed_visits",
	"haemoglobin",
	"haemoglobin_unit",
	"sodium",
	"oncology",
	"admissions_12m",
	"any_procedure",
	"given_risk_tier",
	"cancelled",
	"source_doctype",
)
DISCHARGE_FIELDS = (
	*("name", "patient", "key", *DISCHARGE_INPUTS, "decision", "decision_reason", "inputs_hash"),
	*("tier", "plan", "risk_tier", "comparison_group", "followed_up_after_all"),
)
PATIENT_FIELDS = (
	"name",
	"patient_id",
	"patient_name",
	"sex",
	"date_of_birth",
	"special_care",
	"preferred_channel",
	"status",
	"risk_tier",
	"mobile",
	"mobile_status",
	"caregiver_mobile",
	"caregiver_mobile_status",
	"email",
	"wechat_openid",
	"app_account",
	"home_address",
)
PLAN_FIELDS = (
	"name",
	"discharge",
	"patient",
	"key",
	"status",
	"stop_reason",
	"purpose",
	"anchor_date",
	"start_date",
	"risk_tier",
	"policy",
	"tier",
	"pathways_chosen",
)
TASK_FIELDS = (
	"name",
	"plan",
	"patient",
	"key",
	"kind",
	"status",
	"status_reason",
	"due_date",
	"opens_on",
	"expires_on",
	"channel",
	"role",
	"topics",
	"sequence",
	"first_contact",
	"risk_tier",
	"company",
	"department",
	"completed_on",
	"script",
	"questionnaire",
	"reasons",
	"pinned",
	"planned_channel",
	*("status_before_cancel", "before_joining"),
)
SOURCE_FIELDS = ("source", "title", "version", "step_id", "anchor_date", "plan")
VALUE_FIELDS = ("name", "patient", "value_tier", "score", "override_reason")
TIER_FIELDS = (
	*("name", "method", "score_low", "score_high", "risk_tier", "computed_risk_tier"),
	*("value_tier", "reasons"),
)


@dataclass(slots=True)
class DischargeSnapshot:
	"""Everything planning needs to know of one discharge, as rows and as the engine's facts."""

	row: Mapping[str, Any]
	patient_row: Mapping[str, Any]
	facts: DischargeFacts
	patient: PatientFacts
	value: ValueFacts | None
	override: Mapping[str, Any] | None
	tier_row: Mapping[str, Any] | None
	plan: Mapping[str, Any] | None
	pathways: PlanPathways = field(default_factory=PlanPathways)
	tasks: list[Mapping[str, Any]] = field(default_factory=list)
	#: Plans of earlier discharges of the same patient that are still open.
	earlier_plans: list[Mapping[str, Any]] = field(default_factory=list)
	#: Plan of the stay before, which this discharge ended and whose cancellation gives it back.
	ended_plan: str | None = None
	#: Days on which the patient has contacts in other plans; they count for the cap.
	occupied: tuple[date, ...] = ()
	#: Titles of the pathways that the patient follows as a programme.
	in_programmes: frozenset[str] = frozenset()
	#: Admission day of the patient's next discharge: this one's contacts end there.
	next_admission: date | None = None


def read_discharges(
	names: Sequence[str], *, lock: bool = True, drafts: Mapping[str, Mapping[str, Any]] | None = None
) -> list[DischargeSnapshot]:
	"""Read the discharges `names` and all that planning them depends on.

	`lock` is for planners; a preview reads without. `drafts` are unsaved documents by name, read instead of what is
	stored, so that a person sees what saving would change.
	"""
	drafts = drafts or {}
	rows = queries.select(DISCHARGE, DISCHARGE_FIELDS, "name", names, lock=lock)
	for row in rows:
		row.update({key: value for key, value in drafts.get(row.name, {}).items() if key in DISCHARGE_INPUTS})
		row.discharge_date = getdate(row.discharge_date)
	patient_names = sorted({row.patient for row in rows})
	patients = {row.name: row for row in queries.select(PATIENT, PATIENT_FIELDS, "name", patient_names)}
	diagnoses = queries.children("Discharge Diagnosis", ("code", "title", "primary"), names)
	procedures = queries.children("Discharge Procedure", ("code", "title", "performed_on"), names)
	own_names = [row.plan for row in rows if row.plan]
	own_plans = {
		row.discharge: row for row in queries.select(PLAN, PLAN_FIELDS, "name", own_names, lock=lock)
	}
	own_pathways = followed_pathways.read(own_plans.values(), lock=lock)
	own_tasks = queries.group(
		with_sources(queries.select(TASK, TASK_FIELDS, "plan", own_names, lock=lock)), "plan"
	)
	other_plans = queries.group(
		(
			row
			for row in queries.select(PLAN, PLAN_FIELDS, "patient", patient_names)
			if row.name not in own_names
		),
		"patient",
	)
	others = {row.name: row for rows_of_patient in other_plans.values() for row in rows_of_patient}
	other_tasks = queries.group(queries.select(TASK, TASK_FIELDS, "plan", others), "patient")
	giving_way = {name for name, row in others.items() if row.purpose == "Programme"}
	overrides = queries.overrides([row.name for row in rows])
	tier_rows = {
		row.name: row
		for row in queries.select(TIER, TIER_FIELDS, "name", [row.tier for row in rows if row.tier])
	}
	values = {row.patient: row for row in queries.select(VALUE, VALUE_FIELDS, "patient", patient_names)}
	stays = queries.group(queries.stays(patient_names), "patient")
	consents = queries.group(queries.consents(patient_names), "patient")
	programmes = queries.programmes_of(patient_names)
	settings, channels = frappe.get_cached_doc("Follow-up Settings"), registered()

	snapshots = []
	for row in rows:
		draft = drafts.get(row.name, {})
		own, own_stays = own_plans.get(row.name), stays.get(row.patient, ())
		earlier = _earlier_plans(row, other_plans.get(row.patient, ()), own_stays)
		snapshots.append(
			DischargeSnapshot(
				row=row,
				patient_row=patients[row.patient],
				facts=discharge_facts(
					row,
					draft.get("diagnoses", diagnoses.get(row.name, ())),
					draft.get("procedures", procedures.get(row.name, ())),
				),
				patient=patient_facts(
					patients[row.patient], consents.get(row.patient, ()), settings, channels
				),
				value=_value(values.get(row.patient)),
				override=overrides.get(row.name),
				tier_row=tier_rows.get(row.tier),
				plan=own,
				pathways=own_pathways.get(own.name, PlanPathways()) if own else PlanPathways(),
				tasks=own_tasks.get(own.name, []) if own else [],
				earlier_plans=earlier,
				ended_plan=_ended_plan(row, other_plans.get(row.patient, ()), own_stays),
				occupied=_occupied(
					other_tasks.get(row.patient, ()), {plan.name for plan in earlier} | giving_way
				),
				in_programmes=queries.in_programmes(programmes.get(row.patient, ()), row.discharge_date),
				next_admission=_next_admission(row, own_stays),
			)
		)
	return snapshots


def with_sources(tasks: list[frappe._dict]) -> list[frappe._dict]:
	"""Task rows with the rows of where they come from."""
	sources = queries.children("Follow-up Task Source", SOURCE_FIELDS, [task.name for task in tasks])
	for task in tasks:
		task.sources = sources.get(task.name, [])
	return tasks


def _value(row: frappe._dict | None) -> ValueFacts | None:
	if not row or not row.value_tier:
		return None
	given = bool(row.override_reason) or not row.score
	return ValueFacts(row.value_tier, basis="Given" if given else "Scored")


def _occupied(tasks: Iterable[frappe._dict], ending: set[str]) -> tuple[date, ...]:
	"""Days of completed contacts and of open ones in plans that go on; programmes make room for a discharge's."""
	days = set()
	for task in tasks:
		if task.status == "Completed":
			days.add(getdate(task.completed_on or task.due_date))
		elif task.status in ("Scheduled", "Open", "In Progress") and task.plan not in ending:
			days.add(task.due_date)
	return tuple(sorted(days))


def _next_admission(row: Mapping[str, Any], stays: Iterable[frappe._dict]) -> date | None:
	"""The day the patient came back: the next stay's admission, or its discharge where the stay is not known."""
	later = (
		stay for stay in stays if stay.discharge_date > row["discharge_date"] and stay.name != row["name"]
	)
	stay = next(later, None)
	if not stay:
		return None
	return getdate(stay.admission_date or admission_day(stay.discharge_date, stay.length_of_stay))


def _earlier_plans(
	row: Mapping[str, Any], plans: Iterable[frappe._dict], stays: Iterable[frappe._dict]
) -> list[frappe._dict]:
	"""Open discharge plans of stays before this one; this discharge ends them."""
	if row["cancelled"]:
		return []
	earlier = {stay.name for stay in stays if stay.discharge_date < row["discharge_date"]} - {row["name"]}
	return [
		plan for plan in plans if plan.discharge in earlier and plan.status in ("Draft", "Active", "Paused")
	]


def _ended_plan(
	row: Mapping[str, Any], plans: Iterable[frappe._dict], stays: Sequence[frappe._dict]
) -> str | None:
	"""The plan of the patient's last stay that this discharge, entered by hand, had ended as if it came later.

	It came later no more when it is cancelled, or when its date is corrected to before that stay. A discharge that came
	from another app says by its own stay whether the patient is still in hospital; its intake takes a readmission
	back, not this.
	"""
	if row["source_doctype"] or not stays:
		return None
	last = stays[-1]
	if last.name == row["name"] or last.readmission_state:
		return None
	ended = ("Stopped", "readmitted")
	for plan in plans:
		if plan.discharge == last.name and (plan.status, plan.stop_reason) == ended:
			return plan.name
	return None
