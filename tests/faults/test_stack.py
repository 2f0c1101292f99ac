"""The fault tests' own ground: a crash of the servers is a crash, and what was committed survives it."""

from __future__ import annotations

from collections.abc import Callable

import frappe
import pytest
import redis

from tests.stack.connection import Site
from tests.stack.processes import Record, wait_until
from tests.stack.rest import Rest
from tests.stack.services import Worker
from tests.stack.stack import Stack

KEPT = {"doctype": "ToDo", "description": "committed before the crash"}
LOST = {"doctype": "ToDo", "description": "not committed before the crash"}


def test_database_crash_keeps_what_was_committed_and_no_more(site: Site, stack: Stack) -> None:
	frappe.get_doc(KEPT).insert()
	frappe.db.commit()  # reason: this is the row that must survive
	frappe.get_doc(LOST).insert()
	stack.mariadb.kill()
	stack.mariadb.start()
	site.reconnect()
	assert frappe.get_all("ToDo", {"description": ("like", "%before the crash")}, pluck="description") == [
		KEPT["description"]
	]


def test_web_server_outlives_a_database_restart(rest: Callable[..., Rest], stack: Stack) -> None:
	client = rest("System Manager")
	assert client.get("/api/resource/ToDo").status_code == 200
	stack.mariadb.kill()
	assert client.get("/api/resource/ToDo").status_code >= 500
	stack.mariadb.start()
	assert client.get("/api/resource/ToDo").status_code == 200


def test_redis_outage_is_one(stack: Stack) -> None:
	stack.redis.kill()
	with pytest.raises(redis.exceptions.ConnectionError):
		redis.from_url(stack.redis.url()).ping()
	stack.redis.start()
	assert redis.from_url(stack.redis.url()).ping()


def test_worker_is_killed_with_the_job_it_runs(worker: Worker, stack: Stack) -> None:
	note = frappe.get_doc(KEPT).insert()
	frappe.db.commit()  # reason: the worker must see the row
	frappe.db.get_value("ToDo", note.name, for_update=True)
	change = {"doctype": "ToDo", "name": note.name, "fieldname": "description", "value": LOST["description"]}
	frappe.enqueue("frappe.client.set_value", **change)
	worker.start()
	waiting = "SELECT count(*) FROM information_schema.innodb_lock_waits"
	# InnoDB does not renew this table while it is read more often than ten times a second.
	assert wait_until(lambda: stack.mariadb.query(waiting).strip() == "1", timeout=60, every=0.5)
	family: list[Record] = worker.family()
	worker.kill()
	assert len(family) > 1
	assert not any(member.alive for member in family)
	frappe.db.rollback()
	assert frappe.db.get_value("ToDo", note.name, "description") == KEPT["description"]
