"""The dispatcher: everything that is due, found in the database, whatever happened to the jobs that should have done it.

Every step selects `due <= now`, can run twice or in two processes at once, and commits on its own. A step that fails is
recorded and the steps after it still run.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import partial

import frappe
from frappe.utils import getdate

from hospital_followup.services import (
	admissions,
	advice_messages,
	alert_answers,
	alert_escalation,
	alert_sweep,
	assignment,
	callbacks,
	figure_rollup,
	intake,
	link_traces,
	missed_events,
	outbox,
	outbox_asking,
	outbox_results,
	page_closing,
	pathway_replan,
	patient_history,
	plans,
	programme_rolling,
	programme_visits,
	receipts,
	research,
	revisit_detection,
	revisit_tasks,
	revisits,
	task_messages,
	tasks,
	telephony,
	unanswered_messages,
	wake,
)
from hospital_followup.services.patient_intake import refresh_patient
from hospital_followup.services.planning import CHUNK, pending, plan_discharges
from hospital_followup.services.retry import is_connection_lost
from hospital_followup.services.runs import Run
from hospital_followup.sources.marley_encounter import ENCOUNTER
from hospital_followup.sources.registry import intakes

DISCHARGE = "Patient Discharge"
PLAN = "Follow-up Plan"
ALERT = "Follow-up Alert"
REVISIT = "Follow-up Revisit"
PAGE = "Follow-up Survey"
MESSAGE = "Follow-up Message"
#: Seconds that a tick sends itself; when much is due, other workers have been woken before.
SENDS_FOR = 60
TASK = "Follow-up Task"


def dispatch(record: Run, now: datetime) -> None:
	"""Bring everything up to `now` (the site's time zone)."""
	today = now.date()
	record.stage("intake", partial(repeat_failed_intakes, record))
	record.stage("plan", partial(plan_pending, record))
	record.stage("admissions", partial(settle_admissions, record))
	record.stage("pathways", partial(pathway_replan.catch_up, record, now))
	record.stage("programmes", partial(programme_rolling.roll, record, today))
	record.stage("revisits", partial(follow_revisits, record, today))
	record.step("open", partial(tasks.open_due, today))
	record.step("leases", partial(tasks.release_leases, now))
	record.stage("messages", partial(follow_messages, record, now))
	advise = partial(advice_messages.advise, now=now)
	record.stage("advice", partial(_parts, record, PLAN, partial(advice_messages.to_advise, now), advise))
	record.step("expire", partial(tasks.expire, today))
	record.step("complete", plans.complete_finished)
	record.step("assign", partial(assignment.assign, None, today))
	record.stage("pages", partial(close_pages, record, now))
	record.stage("alert_rules", partial(alert_sweep.sweep, record, now))
	record.step("callbacks", partial(callbacks.remind, now))
	record.stage("receipts", partial(receipts.apply_waiting, record, now))
	record.step("research", partial(research.catch_up, now))
	record.stage("alerts", partial(follow_alerts, record, now))
	record.stage("recordings", partial(telephony.fetch_recordings, record))
	record.stage("outbox", partial(send_messages, record, now))
	record.stage("figures", partial(figure_rollup.count_marked, record))


def plan_pending(record: Run) -> None:
	"""Give every discharge that waits for its decision one, a few hundred at a time, until none is left to try."""
	tried: set[str] = set()
	while names := [name for name in pending(len(tried)) if name not in tried]:
		tried.update(names)
		record.total += len(names)
		record.each(DISCHARGE, names, partial(_plan_part, record), size=CHUNK)
		if record.stopped:
			return


def settle_admissions(record: Run) -> None:
	"""Restore what a cancelled admission had stopped, then stop the plans of patients who are back in hospital."""
	_each(record, admissions.pending(admissions.TO_UNDO), admissions.restore_plan_of)
	record.step("admissions", lambda: admissions.mark_current() and None)
	_each(record, admissions.pending(admissions.TO_STOP), admissions.stop_plan_of)
	to_pause, to_resume = admissions.programme_plans()
	_each(record, to_pause, partial(plans.pause, reason=admissions.REASON), doctype=PLAN)
	_each(record, to_resume, plans.resume, doctype=PLAN)


def follow_revisits(record: Run, today: date) -> None:
	"""Bring expected revisits in line with deaths and readmissions, and make the calls about them that are due."""
	for code, find, work in (
		("deaths", revisits.with_death_to_settle, revisits.settle_deaths),
		(
			"readmissions",
			partial(revisit_detection.with_readmission_to_settle, today),
			partial(revisit_detection.check, today=today),
		),
		("preparation", revisits.unprepared, revisits.prepare),
		("reminders", partial(revisit_tasks.to_remind, today), partial(revisit_tasks.remind, today)),
		("missed", partial(revisit_tasks.to_follow, today), partial(revisit_tasks.follow_missed, today)),
	):
		record.stage(code, partial(_parts, record, REVISIT, find, work))


def follow_messages(record: Run, now: datetime) -> None:
	"""Make the contacts that messages make: write what is due, go on where one was lost, follow up what nobody answers."""
	for code, find, work in (
		("lost_messages", task_messages.to_take_over, task_messages.take_over),
		("contact_messages", task_messages.to_write, task_messages.write),
		("unanswered", unanswered_messages.silent, unanswered_messages.follow),
	):
		record.stage(code, partial(_parts, record, TASK, partial(find, now), partial(work, now=now)))


def expect_revisits(record: Run, today: date) -> None:
	"""Expect the revisits of discharges that came past every event."""
	_parts(record, DISCHARGE, partial(revisits.forgotten, today), revisits.catch_up)


def close_pages(record: Run, now: datetime) -> None:
	"""Take what patients entered and never sent, close the pages whose time is over, and forget links that have served."""
	_each(record, page_closing.unsent(now), partial(page_closing.hand_in_unsent, now=now), doctype=PAGE)
	record.step("pages", partial(page_closing.expire, now))
	record.step("mails", partial(link_traces.forget_mails, now))
	record.step("notices", partial(link_traces.forget_notices, now))


def follow_alerts(record: Run, now: datetime) -> None:
	"""Answer alerts whose cause is over, find a person for those without one, escalate what is late."""
	_each(record, alert_answers.gone(), alert_answers.settle_gone, doctype=ALERT)
	hand_over = partial(alert_escalation.hand_over, now=now)
	_each(record, alert_escalation.without_person(now), hand_over, doctype=ALERT)
	_each(record, alert_escalation.late(now), partial(alert_escalation.escalate, now=now), doctype=ALERT)
	_each(record, alert_answers.not_told(), alert_answers.tell_not_told, doctype=ALERT)


def send_messages(record: Run, now: datetime) -> None:
	"""Find out about messages whose sender is gone, and send what is due."""
	record.step("message_leases", partial(outbox_asking.end_leases, now))
	repeat = partial(outbox_results.repeat_effects, now=now)
	record.stage("effects", partial(_parts, record, MESSAGE, outbox_results.with_failed_effects, repeat))
	senders = outbox.senders_needed(now)
	if senders > 1:
		wake.send_messages(senders)
	record.stage("send", lambda: outbox.send_due(record, seconds=SENDS_FOR, sender=senders + 1) and None)
	record.stage("message_answers", partial(outbox_asking.ask_all, record))


def repeat_failed_intakes(record: Run) -> None:
	"""Try again what an event of another app could not leave with us at the time."""
	for run_name, doctype, name in missed_events.unresolved():
		try:
			record.transaction(partial(_repeat, run_name, doctype, name))
			record.done()
		except Exception as error:
			if is_connection_lost(error):
				raise
			record.skipped()  # noted already, and still so


def take_over(doctype: str, name: str) -> None:
	"""Read one document of another app again and bring ours in line with it, whatever became of it.

	A log of ours goes the other way: its entry in the other app is brought in line with the log.
	"""
	if doctype == patient_history.LOG:
		patient_history.settle(name)
		return
	if doctype == ENCOUNTER:
		programme_visits.enrol_after_visit(name, getdate())
		return
	source = intakes().get(doctype)
	if source is None:
		refresh_patient(doctype, name)
		return
	stay = source.read(name)
	if stay is None:
		intake.forget_stay(doctype, name)
	else:
		intake.intake_discharge(stay)


def _repeat(run_name: str, doctype: str, name: str) -> None:
	take_over(doctype, name)
	missed_events.resolve(run_name)


def _plan_part(record: Run, names: list[str]) -> None:
	claimed = _claim(names)
	record.skipped(len(names) - len(claimed))
	if not claimed:
		return
	result = plan_discharges(claimed, cause="dispatcher")
	for name, code in result.failed:
		record.failed(code, DISCHARGE, name)
	record.done(len(claimed) - len(result.failed))


def _claim(names: list[str]) -> list[str]:
	"""Those of `names` that are still Pending and that no other dispatcher holds; locked until the commit.

	Locked by name, never by decision: a lock on the range of Pending discharges would hold up the next discharge.
	"""
	table = frappe.qb.DocType(DISCHARGE)
	query = frappe.qb.from_(table).select(table.name, table.decision).where(table.name.isin(names))
	query = query.orderby(table.name)
	try:
		rows = query.for_update(skip_locked=True).run()
	except Exception as error:
		if not frappe.db.is_syntax_error(error):
			raise
		rows = query.for_update().run()  # MariaDB before 10.6: the second dispatcher waits instead
	return [name for name, decision in rows if decision == "Pending"]


def _each(record: Run, names: list[str], work, *, doctype: str = DISCHARGE) -> None:
	"""`work` on each name, each in a transaction of its own."""

	def one(part: list[str]) -> None:
		for name in part:
			work(name)
		record.done(len(part))

	if names:
		record.each(doctype, names, one, size=1)


def _parts(
	record: Run, doctype: str, find: Callable[[], list[str]], work: Callable[[list[str]], int]
) -> None:
	"""`work` on what `find` finds, a few hundred to a transaction; a part that fails is done one by one."""
	record.each(doctype, find(), lambda part: record.done(work(part)), size=CHUNK)
