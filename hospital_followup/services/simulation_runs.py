"""A simulation from the click to its answer: at once when it is small, by a worker when it is not.

It is a question and changes nothing, so it is kept in the cache only, for an hour and for who asked. When the cache
is emptied, one asks again.
"""

from __future__ import annotations

from collections.abc import Mapping
from time import time
from typing import Any

import frappe
from frappe import _

from hospital_followup.exceptions import FollowupError, SimulationGoneError
from hospital_followup.services.acting import acting_as
from hospital_followup.services.failures import code_of
from hospital_followup.services.simulation_answer import IN_BACKGROUND, answer, names_of
from hospital_followup.services.simulation_choice import read_question
from hospital_followup.services.wake import simulate_after_commit

KEPT_FOR = 3600
#: Seconds in which a worker begins when one is free.
SOON = 60
#: A worker is heard of every few seconds; one that was killed never again.
DEAD_AFTER = 300
WAITING, RUNNING, FINISHED, FAILED, STOPPED = "Queued", "Running", "Finished", "Failed", "Stopped"
#: The event by which the page hears how far it is.
EVENT = "followup_simulation"
State = dict[str, Any]


class Stopped(Exception):
	"""The person who asked does not want to know any more."""


def start(given: Mapping[str, Any]) -> State:
	"""Answer a question, or have a worker do it; the state says which, and by which name to ask for it."""
	question = read_question(given)
	names = names_of(question)
	total = question.volume.discharges if question.volume else len(names)
	state: State = {
		"simulation": frappe.generate_hash(length=16),
		"user": frappe.session.user,
		"question": dict(given),
		"total": total,
		"percent": 0,
	}
	if total >= IN_BACKGROUND:
		_keep(state, status=WAITING)
		simulate_after_commit(state["simulation"])
	else:
		_keep(state, status=FINISHED, percent=100, answer=answer(question, names))
	return _told(state)


def look(simulation: str) -> State:
	"""How far a simulation of the session's user is, with its answer once there is one. Raises SimulationGoneError."""
	state = _own(simulation)
	silent = time() - state["heard"]
	if state["status"] == WAITING and silent > SOON:
		state["message"] = _(
			"No background worker has begun yet: all are busy, or none is running. You can wait, or stop."
		)
	elif state["status"] == RUNNING and silent > DEAD_AFTER:
		_keep(state, status=FAILED, message=_("The background worker has stopped. Please simulate again."))
	return _told(state)


def answer_of(simulation: str) -> dict[str, Any]:
	"""The answer of a finished simulation of the session's user. Raises SimulationGoneError."""
	state = _own(simulation)
	if state["status"] != FINISHED:
		_gone()
	return state["answer"]


def stop(simulation: str) -> None:
	"""Stop a simulation of the session's user that waits or runs; of any other there is nothing to stop."""
	state = _read(simulation)
	if state and state["user"] == frappe.session.user and state["status"] in (WAITING, RUNNING):
		_keep(state, status=STOPPED)


def run(simulation: str) -> None:
	"""What the worker does. Whoever comes second, or too late, does nothing."""
	state = _read(simulation)
	if not state or state["status"] != WAITING or not frappe.db.get_value("User", state["user"], "enabled"):
		return
	_keep(state, status=RUNNING)
	try:
		with acting_as(state["user"]):
			found = answer(read_question(state["question"]), reached=lambda done: _beat(state, done))
	except Stopped:
		return
	except FollowupError as error:
		_keep(state, status=FAILED, message=str(error))
	except Exception as error:
		# A failed job leaves its local variables, patients' data among them, in Frappe's error log.
		_keep(state, status=FAILED, message=_("It could not be simulated ({0}).").format(code_of(error)))
	else:
		_keep(state, status=FINISHED, percent=100, answer=found)
	_tell(state)


def _beat(state: State, done: int) -> None:
	kept = _read(state["simulation"])
	if not kept or kept["status"] != RUNNING:
		raise Stopped
	_keep(state, percent=min(99, 100 * done // max(state["total"], 1)))
	_tell(state)


def _tell(state: State) -> None:
	message = {name: state[name] for name in ("simulation", "status", "percent")}
	frappe.publish_realtime(EVENT, message, user=state["user"])


def _told(state: State) -> State:
	names = ("simulation", "status", "percent", "total", "message")
	told = {name: state[name] for name in names if name in state}
	if "answer" in state:
		# Single days are for the spreadsheet.
		told["answer"] = {name: value for name, value in state["answer"].items() if name != "days"}
	return told


def _own(simulation: str) -> State:
	state = _read(simulation)
	if not state or state["user"] != frappe.session.user:
		_gone()
	return state


def _gone() -> None:
	frappe.throw(
		_("This simulation is no longer there. Please simulate again."),
		SimulationGoneError,
		title=_("Simulator"),
	)


def _key(simulation: str) -> str:
	return f"followup_simulation::{simulation}"


def _read(simulation: str) -> State | None:
	return frappe.cache.get_value(_key(simulation), expires=True)


def _keep(state: State, **values: Any) -> None:
	state.update(values, heard=time())
	frappe.cache.set_value(_key(state["simulation"]), state, expires_in_sec=KEPT_FOR)
