"""The hospital discharges a patient while something of ours, or below us, is broken."""

from __future__ import annotations

import time

import frappe
import pytest
from frappe.utils import today

from hospital_followup import jobs
from hospital_followup.services import missed_events
from hospital_followup.tests import factories
from tests.stack.connection import Site
from tests.support import frappe_health as hospital
from tests.support.processes import Program, kill_leftovers  # noqa: F401 (a fixture)

pytestmark = pytest.mark.site("health")

DISCHARGE = "Patient Discharge"


@pytest.fixture(autouse=True)
def _hospital() -> None:
	hospital.settings()
	factories.standard_policy()
	frappe.db.set_single_value("Follow-up Settings", "ledger_from", today())
	frappe.db.commit()  # reason: other processes must see it


def decision_of(stay) -> str | None:
	frappe.db.rollback()
	return frappe.db.get_value(DISCHARGE, {"source_name": stay.name}, "decision")


def test_redis_is_down_at_discharge(site: Site) -> None:
	patient = hospital.make_patient()
	hospital.admit(patient.name)
	stay = hospital.order_discharge(patient.name)
	frappe.db.commit()  # reason: the hospital's request ends
	site.stack.redis.kill()

	stay.discharge()
	frappe.db.commit()  # reason: the hospital's request ends, and with it our wake-up call is due

	assert frappe.db.get_value(hospital.STAY, stay.name, "status") == "Discharged"
	assert decision_of(stay) == "Pending"
	jobs.followup_dispatch_tick()
	assert decision_of(stay) == "Planned", "planning needs no Redis either"


def test_the_queue_is_flushed_after_the_discharge(site: Site, worker) -> None:
	import redis

	patient = hospital.make_patient()
	hospital.admit(patient.name)
	stay = hospital.discharge(patient.name)
	frappe.db.commit()  # reason: the hospital's request ends
	redis.from_url(site.stack.redis.url(1)).flushdb()
	worker.run_until_empty()
	assert decision_of(stay) == "Pending"
	jobs.followup_dispatch_tick()
	assert decision_of(stay) == "Planned"


def test_the_woken_worker_plans_the_discharge(worker) -> None:
	patient = hospital.make_patient()
	hospital.admit(patient.name)
	stay = hospital.discharge(patient.name)
	frappe.db.commit()  # reason: the hospital's request ends
	worker.run_until_empty()
	assert decision_of(stay) == "Planned"


def test_a_row_that_our_job_holds_delays_the_hospital_by_seconds_only(site: Site, worker) -> None:
	patient = hospital.make_patient()
	hospital.admit(patient.name)
	stay = hospital.discharge(patient.name)
	frappe.db.commit()  # reason: the other process must see it
	name = frappe.db.get_value(DISCHARGE, {"source_name": stay.name})
	holder = holding(site, name)

	before = time.monotonic()
	stay.discharge_instructions = "Walk every day"
	stay.save()
	frappe.db.commit()  # reason: the hospital's request ends
	waited = time.monotonic() - before

	assert waited < 30, "the database would have waited for 50 seconds"
	assert frappe.db.get_value(hospital.STAY, stay.name, "discharge_instructions") == "Walk every day"
	[(_run, _doctype, noted)] = missed_events.unresolved()
	assert noted == stay.name
	waits = frappe.db.sql("select @@session.innodb_lock_wait_timeout")  # reason: a session variable
	assert waits[0][0] == 50, "the hospital's own patience is as it was"
	holder.go().end()
	worker.run_until_empty()
	frappe.db.rollback()
	assert frappe.db.get_value(DISCHARGE, name, "instructions") == "Walk every day"
	assert missed_events.unresolved() == []


def test_a_deadlock_is_the_hospitals_to_hear_because_its_own_writes_are_gone(site: Site) -> None:
	"""MariaDB has rolled back everything: going on as if nothing had happened would lose the hospital's work."""
	patient = hospital.make_patient()
	hospital.admit(patient.name)
	stay = hospital.discharge(patient.name)
	note = frappe.get_doc({"doctype": "ToDo", "description": "the hospital's own"}).insert()
	frappe.db.commit()  # reason: the other process must see it
	name = frappe.db.get_value(DISCHARGE, {"source_name": stay.name})
	rival = Program(
		site,
		f"""
		import sys
		from hospital_followup.tests import factories
		for number in range(50):  # the one that wrote more survives
			frappe.get_doc({{"doctype": "ToDo", "description": str(number)}}).insert()
		frappe.db.set_value("Patient Discharge", {name!r}, "cancel_reason", "the rival's")
		print("holds it", flush=True)
		frappe.db.set_value("ToDo", {note.name!r}, "description", "the rival's")
		""",
	)
	frappe.db.set_value("ToDo", note.name, "description", "changed in the same request")
	rival.go().wait_for("holds it")
	stay.discharge_instructions = "Walk every day"
	with pytest.raises(frappe.QueryDeadlockError):
		stay.save()
	frappe.db.rollback()
	rival.end()
	frappe.db.rollback()
	assert frappe.db.get_value("ToDo", note.name, "description") == "the rival's"
	assert frappe.db.get_value(hospital.STAY, stay.name, "discharge_instructions") is None


def test_a_connection_that_drops_inside_our_part_is_heard_too(site: Site) -> None:
	patient = hospital.make_patient()
	hospital.admit(patient.name)
	stay = hospital.discharge(patient.name)
	frappe.db.commit()  # reason: the other process must see it
	name = frappe.db.get_value(DISCHARGE, {"source_name": stay.name})
	number = frappe.db.sql("select connection_id()")[0][0]  # reason: no table to query
	holder = holding(site, name)
	killer = Program(
		site,
		f"""
		import time
		waiting = "select count(*) from information_schema.processlist where id = %s and info like %s"
		while not frappe.db.sql(waiting, ({number}, "%for update%"))[0][0]:  # reason: the server's own table
			time.sleep(0.2)
		frappe.db.sql("kill {number}")  # reason: what an administrator does
		""",
	).go()
	stay.discharge_instructions = "Walk every day"
	with pytest.raises(Exception, match=r"Lost connection|gone away|killed"):
		stay.save()
	killer.end()
	holder.go().end()
	site.reconnect()
	assert frappe.db.get_value(hospital.STAY, stay.name, "discharge_instructions") is None


def holding(site: Site, discharge: str) -> Program:
	"""Another process that holds the row until it is told to let go."""
	program = Program(
		site,
		f"""
		import sys
		frappe.db.get_value("Patient Discharge", {discharge!r}, "name", for_update=True)
		print("holds it", flush=True)
		sys.stdin.readline()
		frappe.db.rollback()
		""",
	)
	program.go().wait_for("holds it")
	return program
