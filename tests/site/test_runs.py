"""The record of a background run: counts that are true, errors that name records and no patients."""

from __future__ import annotations

import frappe
import pytest
from frappe.utils import add_to_date, now_datetime

from hospital_followup.exceptions import InvalidValueError, RunFailedError
from hospital_followup.hospital_followup.doctype.follow_up_run.follow_up_run import FollowupRun
from hospital_followup.services.runs import RUN, Run, run

pytestmark = [pytest.mark.site("plain"), pytest.mark.commits]

SECRET = "13812345678"
NOTE = "ToDo"


def last() -> frappe.model.document.Document:
	return frappe.get_last_doc(RUN, {"job": "test"})


def notes() -> list[str]:
	return frappe.get_all(NOTE, pluck="description", order_by="creation, name")


def write(text: str) -> None:
	frappe.get_doc({"doctype": NOTE, "description": text}).insert()


def test_a_row_that_fails_is_undone_noted_and_passed_over() -> None:
	with run("test") as record:
		for number in range(3):
			with record.row(NOTE, f"row {number}"):
				write(f"note {number}")
				if number == 1:
					frappe.throw("The number is wrong.", InvalidValueError)
	doc = last()
	assert (doc.status, doc.done, doc.failed, doc.total) == ("Finished", 2, 1, 3)
	[error] = doc.errors
	assert (error.reference_doctype, error.reference_name) == (NOTE, "row 1")
	assert error.code.startswith("InvalidValueError") and error.message == "The number is wrong."
	assert notes() == ["note 0", "note 2"]


def test_the_words_of_a_foreign_error_are_not_kept() -> None:
	with run("test") as record, record.row(NOTE, "row"):
		raise ValueError(f"cannot call {SECRET}")
	assert SECRET not in last().as_json()
	assert last().errors[0].code.startswith("ValueError")


def test_an_error_ends_the_run_and_only_what_was_committed_counts() -> None:
	def work() -> None:
		mobile = SECRET
		write("lost")
		raise KeyError(mobile)

	with run("test") as record:
		record.transaction(lambda: (write("kept"), record.done()))
		record.transaction(work)
		record.done(100)
	try:
		record.raise_if_failed()
	except RunFailedError:
		kept_by_frappe = frappe.get_traceback(with_context=True)
	assert SECRET not in kept_by_frappe and "RunFailedError" in kept_by_frappe
	assert (last().status, last().done, notes()) == ("Failed", 1, ["kept"])
	assert SECRET not in last().as_json()


def test_a_part_that_fails_is_done_one_by_one() -> None:
	def work(part: list[str]) -> None:
		for name in part:
			write(name)
			if name == "c":
				raise ValueError
		record.done(len(part))

	with run("test", total=5) as record:
		record.each(NOTE, list("abcde"), work, size=3)
	assert notes() == ["a", "b", "d", "e"]
	assert (last().done, last().failed, last().errors[0].reference_name) == (4, 1, "c")


def test_counts_of_an_attempt_that_was_rolled_back_do_not_count() -> None:
	attempts = []

	def work() -> None:
		record.done(10)
		attempts.append(1)
		if len(attempts) < 3:
			raise frappe.QueryDeadlockError("once more")

	with run("test") as record:
		record.transaction(work)
	assert (len(attempts), last().done) == (3, 10)


def test_a_stage_that_fails_does_not_end_the_run() -> None:
	with run("test") as record:
		record.step("first", lambda: 1 / 0)
		record.step("second", lambda: 7)
	assert (last().status, last().done, last().failed) == ("Finished", 7, 1)
	assert last().errors[0].code.startswith("first: ZeroDivisionError")


@pytest.mark.parametrize(("found", "kept"), [(0, 0), (1, 1)])
def test_a_run_that_found_nothing_need_not_be_kept(found: int, kept: int) -> None:
	with run("test", keep_empty=False) as record:
		record.done(found)
	assert frappe.db.count(RUN, {"job": "test"}) == kept


def test_no_more_errors_are_kept_than_a_person_can_read() -> None:
	with run("test") as record:
		for number in range(500):
			record.failed("bad", NOTE, str(number))
	assert (last().failed, len(last().errors)) == (500, 200)


def test_old_runs_are_cleared_unless_their_failure_is_not_resolved() -> None:
	for status in ("Finished", "Stopped", "Failed"):
		doc = frappe.get_doc({"doctype": RUN, "job": "test", "status": status}).insert()
		frappe.db.set_value(RUN, doc.name, "started_at", add_to_date(now_datetime(), days=-91))
	recent = frappe.get_doc({"doctype": RUN, "job": "test", "status": "Finished"}).insert()
	FollowupRun.clear_old_logs(days=90)
	kept = frappe.get_all(RUN, filters={"job": "test"}, fields=["name", "status"], order_by="creation")
	assert [row.status for row in kept] == ["Failed", "Finished"]
	assert kept[1].name == recent.name
	assert frappe.get_hooks("default_log_clearing_doctypes")[RUN]


def test_progress_is_shown_to_the_person_who_waits(monkeypatch: pytest.MonkeyPatch) -> None:
	shown = []
	monkeypatch.setattr(frappe, "publish_progress", lambda percent, **more: shown.append(percent))
	with run("test", total=4, watched=True) as record:
		record.each(NOTE, list("abcd"), lambda part: record.done(len(part)), size=2)
	assert shown == [50, 100]
	assert isinstance(record, Run)
