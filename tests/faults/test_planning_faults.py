"""Planning in the background while processes are killed, connections drop and rivals meet."""

from __future__ import annotations

import frappe
import pymysql
import pytest

from hospital_followup import jobs
from hospital_followup.exceptions import RunFailedError
from hospital_followup.services.runs import RUN, run
from tests.stack.connection import Site
from tests.stack.processes import wait_until
from tests.support.bulk import decided, nothing_lost, pending_discharges
from tests.support.processes import Program, kill_leftovers, together  # noqa: F401 (a fixture)

pytestmark = pytest.mark.site("plain")

PLAN_PENDING = """
	from hospital_followup import jobs
	jobs.followup_plan_pending()
"""
TICK = """
	from hospital_followup import jobs
	jobs.followup_dispatch_tick()
"""


def test_a_worker_killed_half_way_leaves_whole_discharges_and_the_next_goes_on(site: Site) -> None:
	discharges = pending_discharges(1_600)
	worker = Program(site, PLAN_PENDING).go()
	assert wait_until(lambda: decided(discharges) > 0, timeout=120)
	worker.kill()
	half_way = decided(discharges)
	assert 0 < half_way < len(discharges)
	nothing_lost(discharges)
	killed = frappe.get_last_doc(RUN, {"job": "plan"})
	assert killed.status == "Running", "nobody was left to close it"

	jobs.followup_dispatch_tick()

	assert decided(discharges) == len(discharges)
	nothing_lost(discharges)


def test_the_record_of_a_killed_run_is_closed_by_a_later_one() -> None:
	with_run = frappe.get_doc({"doctype": RUN, "job": "dispatch", "status": "Running"}).insert()
	frappe.db.set_value(
		RUN, with_run.name, "modified", frappe.utils.add_to_date(None, hours=-2), update_modified=False
	)
	jobs.followup_dispatch_tick()
	assert frappe.db.get_value(RUN, with_run.name, "status") == "Stopped"


def test_dispatchers_that_tick_at_the_same_moment_plan_everything_once(site: Site) -> None:
	discharges = pending_discharges(900)
	together(site, TICK, TICK, TICK)
	assert decided(discharges) == len(discharges)
	nothing_lost(discharges)
	runs = frappe.get_all(RUN, filters={"job": "dispatch"}, fields=["status", "failed"], order_by="creation")
	assert [(row.status, row.failed) for row in runs] == [("Finished", 0)] * 3


def test_a_connection_that_drops_is_opened_again_and_the_part_done_again(site: Site) -> None:
	discharges = pending_discharges(3)
	attempts = []

	def work() -> None:
		attempts.append(connection_id())
		frappe.db.set_value("Patient Discharge", discharges[0], "cancel_reason", f"attempt {len(attempts)}")
		if len(attempts) == 1:
			kill_connection(site, connection_id())
		frappe.db.set_value("Patient Discharge", discharges[1], "cancel_reason", f"attempt {len(attempts)}")

	with run("fault") as record:
		record.transaction(work)
	record.raise_if_failed()
	written = frappe.get_all(
		"Patient Discharge", filters={"name": ("in", discharges[:2])}, pluck="cancel_reason", order_by="name"
	)
	assert written == ["attempt 2", "attempt 2"]
	assert len(set(attempts)) == 2


def test_the_database_restarts_under_the_dispatcher(site: Site) -> None:
	discharges = pending_discharges(1_600)
	database = site.stack.mariadb
	worker = Program(site, PLAN_PENDING).go()
	assert wait_until(lambda: decided(discharges) > 0, timeout=120)
	database.kill()
	database.start()
	site.reconnect()
	worker.end(may_fail=True)  # a quick restart it survives, a slow one it does not
	nothing_lost(discharges)
	jobs.followup_dispatch_tick()
	assert decided(discharges) == len(discharges)
	nothing_lost(discharges)


def test_a_deadlock_is_retried_and_both_get_through(site: Site) -> None:
	first, second = pending_discharges(2)
	program = """
		import sys
		from hospital_followup.services.retry import with_retry
		attempts = []
		def work():
			attempts.append(1)
			frappe.db.set_value("Patient Discharge", {one!r}, "cancel_reason", {word!r})
			if len(attempts) == 1:
				print("holds one", flush=True)
				sys.stdin.readline()
			frappe.db.set_value("Patient Discharge", {other!r}, "cancel_reason", {word!r})
		with_retry(work)
		print("attempts", len(attempts))
	"""
	rivals = [
		Program(site, program.format(one=first, other=second, word="A")),
		Program(site, program.format(one=second, other=first, word="B")),
	]
	for rival in rivals:
		rival.go().wait_for("holds one")
	for rival in rivals:
		rival.go()
	said = sorted(rival.end().split()[-1] for rival in rivals)
	assert said == ["1", "2"], "one went through at once, the other was rolled back and tried again"
	frappe.db.rollback()
	written = frappe.get_all(
		"Patient Discharge", filters={"name": ("in", (first, second))}, pluck="cancel_reason", order_by="name"
	)
	assert written[0] == written[1], "each wrote both or neither"


def test_a_lock_that_nobody_gives_up_ends_the_attempts_without_a_half_written_row(site: Site) -> None:
	[name] = pending_discharges(1)
	holder = Program(
		site,
		f"""
		import sys
		frappe.db.set_value("Patient Discharge", {name!r}, "cancel_reason", "held")
		print("holds it", flush=True)
		sys.stdin.readline()
		frappe.db.rollback()
		""",
	)
	holder.go().wait_for("holds it")
	frappe.db.sql("set session innodb_lock_wait_timeout = 1")  # reason: the test's own connection
	attempts = []

	def work() -> None:
		attempts.append(1)
		frappe.db.set_value("Patient Discharge", name, "cancel_reason", "ours")

	with run("fault") as record:
		record.transaction(work)
	with pytest.raises(RunFailedError, match="QueryTimeoutError"):
		record.raise_if_failed()
	assert len(attempts) == 3
	holder.go().end()
	frappe.db.rollback()
	assert frappe.db.get_value("Patient Discharge", name, "cancel_reason") is None
	assert frappe.get_last_doc(RUN, {"job": "fault"}).status == "Failed"


def test_a_person_stops_a_long_run_and_the_rest_waits(site: Site) -> None:
	discharges = pending_discharges(1_600)
	worker = Program(site, PLAN_PENDING).go()
	assert wait_until(lambda: decided(discharges) > 0, timeout=120)
	name = frappe.get_last_doc(RUN, {"job": "plan"}).name
	frappe.db.set_value(RUN, name, "status", "Stopped")
	frappe.db.commit()  # reason: the worker must see it
	worker.end()
	assert 0 < decided(discharges) < len(discharges)
	assert frappe.db.get_value(RUN, name, "status") == "Stopped"
	nothing_lost(discharges)


def connection_id() -> int:
	return frappe.db.sql("select connection_id()")[0][0]  # reason: no table to query


def kill_connection(site: Site, number: int) -> None:
	"""As an administrator, a firewall or a failing switch would: from outside."""
	mariadb = site.stack.mariadb
	other = pymysql.connect(unix_socket=str(mariadb.socket), user="root", password=mariadb.password)
	with other.cursor() as cursor:
		cursor.execute(f"KILL CONNECTION {int(number)}")
	other.close()
