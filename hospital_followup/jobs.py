"""What the scheduler and the queue call. Every job can run twice, in two processes at once, or days late.

Names begin with `followup_`: Frappe 15 knows a scheduled job by the last two parts of its path only.
"""

from __future__ import annotations

from frappe.utils import getdate, now_datetime, today

from hospital_followup.services import (
	dispatch,
	figure_rollup,
	outbox,
	pathway_replan,
	programme_graduation,
	programme_rolling,
	programme_rules,
	programme_visits,
	reminders,
	research,
	review_dates,
	revisit_detection,
	simulation_runs,
	tasks,
	values,
)
from hospital_followup.services.patient_intake import refresh_patient
from hospital_followup.services.planning import pending
from hospital_followup.services.reconcile import reconcile
from hospital_followup.services.runs import run

#: From this many discharges on, the person who brought them in sees how far planning has come.
WATCHED_FROM = 20


def followup_dispatch_tick() -> None:
	"""Every five minutes: plan, open, release, expire, complete and assign whatever is due."""
	with run("dispatch") as record:
		dispatch.dispatch(record, now_datetime())
	record.raise_if_failed()


def followup_plan_pending() -> None:
	"""Right after discharges came in: plan those that wait."""
	waiting = len(pending())
	if not waiting:
		return
	with run("plan", watched=waiting >= WATCHED_FROM) as record:
		dispatch.plan_pending(record)
	record.raise_if_failed()


def followup_replan_pathways() -> None:
	"""Right after somebody asked for it: take running plans over to the versions of pathways that are in use."""
	now = now_datetime()
	total = sum(len(pathway_replan.behind(name)) for name in pathway_replan.asked(now))
	with run("replan", watched=total >= WATCHED_FROM, keep_empty=False) as record:
		pathway_replan.replan_asked(record, now)
	record.raise_if_failed()


def followup_send_messages(sender: int = 1) -> None:
	"""Right after messages were written, and while many wait: send what is due. `sender`: 1, 2, … of several at once."""
	with run("send", keep_empty=False) as record:
		record.stage("send", lambda: outbox.send_due(record, sender=sender) and None)
	record.raise_if_failed()


def followup_roll_programmes() -> None:
	"""Every night, and right after something changed: plan the programmes whose next contact has come into the horizon."""
	with run("programmes", keep_empty=False) as record:
		record.stage("programmes", lambda: programme_rolling.roll(record, getdate(today())))
	record.raise_if_failed()


def followup_settle_admissions() -> None:
	"""Right after an admission, or its cancellation: stop or restore the plans of earlier stays."""
	with run("admissions", keep_empty=False) as record:
		dispatch.settle_admissions(record)
	record.raise_if_failed()


def followup_repeat_intakes() -> None:
	"""Right after an event that could not leave its work with us: do it again."""
	with run("repeat", keep_empty=False) as record:
		dispatch.repeat_failed_intakes(record)
	record.raise_if_failed()


def followup_refresh_patient(doctype: str, name: str) -> None:
	"""Right after another app changed a patient, customer or contact."""
	with run("patient", keep_empty=False) as record:
		record.step("refresh", lambda: bool(refresh_patient(doctype, name)))
	record.raise_if_failed()


def followup_research_export(export: str) -> None:
	"""Right after an administrator asked for research data."""
	research.run(export)


def followup_simulate(simulation: str) -> None:
	"""Right after somebody asked the simulator about many discharges."""
	simulation_runs.run(simulation)


def followup_nightly() -> None:
	"""Every night: prove that no discharge was forgotten and every figure is right, rank the open tasks, once a month value the patients."""
	day = getdate(today())
	with run("nightly") as record:
		record.step("priorities", lambda: tasks.refresh_priorities(day))
		record.step("values", lambda: values.compute_if_due(day))
	reconcile(day)
	followup_enrol_by_rule()
	followup_roll_programmes()
	followup_find_revisits()
	followup_prove_figures()
	record.raise_if_failed()


def followup_find_revisits() -> None:
	"""Every night, after the stays were taken over: who came back, and who did not."""
	day = getdate(today())
	with run("revisits") as record:
		record.stage("expect", lambda: dispatch.expect_revisits(record, day))
		record.stage("revisits", lambda: revisit_detection.detect(record, day))
	record.raise_if_failed()


def followup_check_revisits(doctype: str, name: str) -> None:
	"""Right after another app's document told something about one of its patients."""
	with run("revisits", keep_empty=False) as record:
		record.step("check", lambda: revisit_detection.check_source(doctype, name, getdate(today())))
	record.raise_if_failed()


def followup_enrol_by_rule() -> None:
	"""Every night, after the stays were taken over: who changed and now belongs into a life-long programme."""
	day = getdate(today())
	with run(programme_graduation.JOB) as record:
		# Who goes on with the next stage does so from the former one, and is not taken in by a rule as somebody new.
		record.stage("stages", lambda: programme_graduation.graduate(record, day))
		record.stage("rules", lambda: programme_rules.enrol_by_rules(record, day))
		record.stage("visits", lambda: programme_visits.enrol_after_visits(record, day))
	record.raise_if_failed()


def followup_enrol_after_visit(encounter: str) -> None:
	"""Right after a visit to the outpatient department: whether a rule takes its patient into a programme."""
	with run("visit", keep_empty=False) as record:
		record.step("visit", lambda: programme_visits.enrol_after_visit(encounter, getdate(today())))
	record.raise_if_failed()


def followup_prove_figures() -> None:
	"""Every night, when everything else is settled: count every figure again; what differs is repaired and noted."""
	with run("figures") as record:
		record.stage("figures", lambda: figure_rollup.prove(record))
	record.raise_if_failed()


def followup_morning() -> None:
	"""Every morning: tell everybody what is due today, and who keeps the texts which of them to look at again."""
	day = getdate(today())
	with run("reminders") as record:
		record.step("reminders", lambda: reminders.morning_reminders(day))
		record.step("reviews", lambda: review_dates.review_reminders(day))
	record.raise_if_failed()
