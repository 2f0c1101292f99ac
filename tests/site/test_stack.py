"""The ground the site tests stand on: the app is installed, tests leave nothing behind."""

from __future__ import annotations

import frappe
import pytest

from tests.stack.connection import Site, UnexpectedCommit

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
