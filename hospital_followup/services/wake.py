"""Waking a worker once the present transaction is committed.

The queue is only a wake-up call: when Redis is down the dispatcher finds the work a few minutes later, and the
transaction that caused it never hears of it. Only a simulation is nobody's to find: its page says that no worker has come.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import frappe

JOBS = "hospital_followup.jobs"


def plan_after_commit() -> None:
	"""Plan the Pending discharges."""
	_after_commit("followup_plan_pending", queue="long")


def roll_programmes_after_commit() -> None:
	"""Plan the enrolments that are due to be planned."""
	_after_commit("followup_roll_programmes", queue="long")


def settle_admissions_after_commit() -> None:
	"""Stop the plans of patients who are back in hospital, and restore those whose admission was cancelled."""
	_after_commit("followup_settle_admissions")


def repeat_intakes_after_commit() -> None:
	"""Do again, in a transaction of our own, what an event could not leave with us."""
	_after_commit("followup_repeat_intakes")


def refresh_patient_after_commit(doctype: str, name: str) -> None:
	"""Take over what another app changed about a patient."""
	_after_commit("followup_refresh_patient", key=f"{doctype}::{name}", doctype=doctype, name=name)


def check_revisits_after_commit(doctype: str, name: str) -> None:
	"""Look whether the patient of another app, of whom a document has told something, came back."""
	_after_commit("followup_check_revisits", key=f"{doctype}::{name}", doctype=doctype, name=name)


def enrol_after_visit_after_commit(encounter: str) -> None:
	"""Ask the rules about the patient of a visit to the outpatient department."""
	_after_commit("followup_enrol_after_visit", key=encounter, encounter=encounter)


def research_after_commit(name: str) -> None:
	"""Make the file of a research export."""
	_after_commit("followup_research_export", queue="long", key=name, export=name)


def replan_pathways_after_commit() -> None:
	"""Take running plans over to the versions of pathways that are in use."""
	_after_commit("followup_replan_pathways", queue="long")


def simulate_after_commit(simulation: str) -> None:
	"""Plan many discharges in memory for somebody who waits at the simulator's page."""
	_after_commit("followup_simulate", queue="long", key=simulation, simulation=simulation)


def send_messages_after_commit() -> None:
	"""Send the messages that are due."""
	_after_commit("followup_send_messages", queue="long", key="1", sender=1)


def send_messages(senders: int) -> None:
	"""Have so many workers send what is due, beside the one that asks."""
	for sender in range(1, senders + 1):
		job_id = f"hospital_followup::followup_send_messages::{sender}"
		_enqueue("followup_send_messages", job_id, "long", {"sender": sender})


def _after_commit(job: str, *, queue: str = "default", key: str = "", **arguments: Any) -> None:
	"""Queue `job` after commit, once per transaction and key."""
	woken: set[str] = frappe.flags.setdefault("followup_woken", set())
	job_id = "::".join(filter(None, ("hospital_followup", job, key)))
	if job_id in woken:
		return
	woken.add(job_id)
	frappe.db.after_commit.add(_forgetting(woken, job_id, partial(_enqueue, job, job_id, queue, arguments)))
	frappe.db.after_rollback.add(partial(woken.discard, job_id))


def _forgetting(woken: set[str], job_id: str, call: Callable[[], None]) -> Callable[[], None]:
	def run() -> None:
		woken.discard(job_id)
		call()

	return run


def _enqueue(job: str, job_id: str, queue: str, arguments: dict[str, Any]) -> None:
	try:
		frappe.enqueue(f"{JOBS}.{job}", queue=queue, job_id=job_id, deduplicate=True, **arguments)
	except Exception as error:
		# Committed is committed: whatever is wrong with the queue must not look like a failed save.
		frappe.logger("hospital_followup").warning("%s was not queued (%s)", job, type(error).__name__)
