"""The ground the site tests stand on: the app is installed, tests leave nothing behind."""

from __future__ import annotations

from collections.abc import Callable

import frappe
import pytest

from tests.stack.connection import Site, UnexpectedCommit
from tests.stack.fresh_site import FreshSite
from tests.stack.rest import Rest
from tests.stack.services import Scheduler, Worker

ASSIGNMENT = {"doctype": "User", "assign_to": ["Administrator"], "description": "queued by a test"}
DUE = {"stopped": 0, "create_log": 1, "last_execution": "2020-01-01 00:00:00"}
NOTE = {"doctype": "ToDo", "description": "left behind by a test"}


def notes() -> int:
	return frappe.db.count("ToDo", {"description": NOTE["description"]})


def test_app_is_installed(site: Site) -> None:
	assert "hospital_followup" in frappe.get_installed_apps()


class TestIsolation:
	"""Each test here would see what the one before it left."""

	def test_uncommitted_rows_exist_within_the_test(self) -> None:
		frappe.get_doc(NOTE).insert()
		assert notes() == 1

	def test_uncommitted_rows_are_gone(self) -> None:
		assert notes() == 0

	def test_a_commit_is_refused(self) -> None:
		with pytest.raises(UnexpectedCommit):
			frappe.db.commit()  # reason: the refusal is what is tested

	@pytest.mark.commits
	def test_committed_rows_exist_within_the_test(self) -> None:
		frappe.get_doc(NOTE).insert()
		frappe.db.commit()  # reason: what a marked test may do
		frappe.db.rollback()
		assert notes() == 1

	def test_committed_rows_are_gone(self) -> None:
		assert notes() == 0

	def test_cached_values_of_a_rolled_back_test_first_half(self) -> None:
		frappe.db.set_single_value("System Settings", "session_expiry", "07:00")
		assert frappe.get_cached_doc("System Settings").session_expiry == "07:00"

	def test_cached_values_of_a_rolled_back_test_are_gone(self) -> None:
		assert frappe.get_cached_doc("System Settings").session_expiry != "07:00"


@pytest.mark.site("plain")
def test_variant_is_chosen_by_marker(site: Site) -> None:
	assert site.name == "plain.test"
	assert "erpnext" not in frappe.get_installed_apps()


class TestServices:
	def test_rest_reads_and_writes_as_a_user_with_roles(self, rest: Callable[..., Rest]) -> None:
		answer = rest("System Manager").insert("ToDo", NOTE)
		assert answer.status_code == 200, answer.text
		frappe.db.rollback()
		assert notes() == 1

	def test_guest_may_not(self, rest: Callable[..., Rest]) -> None:
		assert rest().insert("ToDo", NOTE).status_code == 403
		assert notes() == 0

	def test_worker_does_what_was_queued(self, worker: Worker) -> None:
		frappe.enqueue("frappe.desk.form.assign_to.add", args={**ASSIGNMENT, "name": "Administrator"})
		worker.run_until_empty()
		frappe.db.rollback()
		assert frappe.db.count("ToDo", {"description": ASSIGNMENT["description"]}) == 1

	def test_scheduler_beat_reaches_the_worker(self, scheduler: Scheduler, worker: Worker) -> None:
		before = frappe.db.count("Scheduled Job Log")
		frappe.db.set_value("Scheduled Job Type", {"stopped": 0}, "stopped", 1)
		job = {"method": "frappe.sessions.clear_expired_sessions"}
		frappe.db.set_value("Scheduled Job Type", job, DUE)
		frappe.db.commit()  # reason: the scheduler is another process
		scheduler.tick()
		worker.run_until_empty()
		frappe.db.rollback()
		assert frappe.db.count("Scheduled Job Log") == before + 1

	@pytest.mark.commits
	def test_a_new_table_and_a_new_column_do_not_stay_first_half(self) -> None:
		field = {"fieldname": "left_behind", "fieldtype": "Data", "label": "Left behind", "dt": "ToDo"}
		frappe.get_doc({"doctype": "Custom Field", **field}).insert()
		assert frappe.db.has_column("ToDo", "left_behind")

	def test_a_new_column_is_gone(self) -> None:
		assert not frappe.db.has_column("ToDo", "left_behind")
		assert not frappe.get_meta("ToDo").has_field("left_behind")


def test_fresh_site_has_no_trace_of_the_app(fresh_site: Callable[[str], FreshSite]) -> None:
	made = fresh_site("plain")
	assert "hospital_followup" not in made.bench("list-apps")
