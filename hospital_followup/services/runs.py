"""The record of a background run: what was done, what failed and why, in one row that a person can open.

An error is noted as a code and the name of the record, never with the values of variables: Frappe's own error log keeps
those, and with them patients' data. For the same reason a failed run raises a bare error without the frames in between.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

import frappe
from frappe import _
from frappe.utils import add_to_date, now_datetime, strip_html

from hospital_followup.exceptions import FollowupError, RunFailedError
from hospital_followup.services.failures import code_of
from hospital_followup.services.retry import (
	has_lost_transaction,
	is_conflict,
	is_connection_lost,
	reconnect,
	with_retry,
)
from hospital_followup.services.writer import chunks

Result = TypeVar("Result")

RUN = "Follow-up Run"
#: Error rows kept per run: enough to see what is wrong, few enough to open.
MAX_ERRORS = 200
#: A run that has not been heard of for so long was killed.
ABANDONED_AFTER_MINUTES = 60


@dataclass(slots=True)
class Tally:
	"""What a run, or the transaction it is in, has counted."""

	done: int = 0
	skipped: int = 0
	failed: int = 0
	errors: list[dict[str, Any]] = field(default_factory=list)

	def add(self, other: Tally) -> None:
		self.done += other.done
		self.skipped += other.skipped
		self.failed += other.failed
		self.errors += other.errors[: MAX_ERRORS - len(self.errors)]


class Run:
	"""One run of a job. Counts made inside a transaction count once it is committed, also when it had to be tried again."""

	def __init__(self, job: str, *, total: int = 0, watched: bool = False) -> None:
		self.job, self.total, self.watched = job, total, watched
		self.tally, self._pending = Tally(), None
		self.name: str | None = None
		self.error: str | None = None
		self.stopped = False

	def done(self, count: int = 1) -> None:
		self._counting.done += count

	def skipped(self, count: int = 1) -> None:
		self._counting.skipped += count

	def failed(
		self, code: str, doctype: str | None = None, name: str | None = None, message: str = ""
	) -> None:
		"""Note that one record failed. `message` must not carry patients' data; the record's name is enough."""
		counting = self._counting
		counting.failed += 1
		if len(counting.errors) < MAX_ERRORS:
			counting.errors.append(
				{
					"code": code,
					"reference_doctype": doctype,
					"reference_name": name,
					"message": message,
				}
			)

	@contextmanager
	def row(self, doctype: str, name: str) -> Iterator[None]:
		"""One record of a batch: when it fails, what it wrote is undone and noted, and the batch goes on.

		A deadlock or lock wait is not the record's fault: it passes through, and the whole transaction is tried again.
		"""
		point = "followup_row"
		frappe.db.savepoint(point)
		try:
			yield
		except Exception as error:
			if has_lost_transaction(error) or is_conflict(error):
				raise
			frappe.db.rollback(save_point=point)
			self.failed(code_of(error), doctype, name, message_of(error))
		else:
			frappe.db.release_savepoint(point)
			self.done()

	def transaction(self, work: Callable[[], Result]) -> Result:
		"""Run `work` as one transaction, again when the database asks for it, and commit."""

		def attempt() -> Result:
			self._pending = Tally()
			return work()

		try:
			result = with_retry(attempt)
			self.tally.add(self._pending or Tally())
			return result
		finally:
			self._pending = None

	def step(self, code: str, work: Callable[[], int | None]) -> None:
		"""One step of a job in its own transaction; when it fails, it is noted and the steps after it still run."""
		self.stage(code, lambda: self.done(self.transaction(work) or 0))

	def stage(self, code: str, work: Callable[[], None]) -> None:
		"""Like `step`, for work that takes care of its own transactions and counts."""
		try:
			work()
		except Exception as error:
			if is_connection_lost(error):
				raise
			frappe.db.rollback()
			self.failed(f"{code}: {code_of(error)}", message=message_of(error))
		self.beat()

	def each(
		self, doctype: str, names: Sequence[str], work: Callable[[list[str]], None], *, size: int
	) -> None:
		"""`work` on `names`, `size` at a time, a commit after each part; a part that fails is done one by one.

		`work` counts through this run. Ends early when a person set the run to Stopped.
		"""
		for part in chunks(names, size):
			if self._asked_to_stop():
				self.stopped = True
				return
			try:
				self.transaction(lambda part=part: work(part))
			except Exception as error:
				if is_connection_lost(error):
					raise
				for name in part:
					self._alone(doctype, name, work, error if len(part) == 1 else None)
			self.beat()

	def beat(self) -> None:
		"""Write down how far the run has come, and show it to the person who started it."""
		if not self.name:
			return
		tally = self.tally
		values = {"done": tally.done, "failed": tally.failed, "skipped": tally.skipped, "total": self.total}
		frappe.db.set_value(RUN, self.name, values)
		frappe.db.commit()  # reason: the run record must survive whatever happens to the work
		if self.watched and self.total:
			reached = tally.done + tally.failed + tally.skipped
			frappe.publish_progress(
				min(100, 100 * reached / self.total),
				title=_("Planning follow-up"),
				description=_("{0} of {1}").format(reached, self.total),
			)

	def raise_if_failed(self) -> None:
		"""Tell Frappe's scheduler that the run failed. Call it outside of `with`: no frame of the work is kept."""
		if self.error:
			raise RunFailedError(f"{self.job}: {self.error} (Follow-up Run {self.name})")

	@property
	def _counting(self) -> Tally:
		return self.tally if self._pending is None else self._pending

	def _alone(
		self, doctype: str, name: str, work: Callable[[list[str]], None], known: Exception | None
	) -> None:
		try:
			if known is None:
				self.transaction(lambda: work([name]))
				return
		except Exception as error:
			if is_connection_lost(error):
				raise
			known = error
		self.failed(code_of(known), doctype, name, message_of(known))

	def _asked_to_stop(self) -> bool:
		return bool(self.name) and frappe.db.get_value(RUN, self.name, "status") == "Stopped"


@contextmanager
def run(job: str, *, total: int = 0, watched: bool = False, keep_empty: bool = True) -> Iterator[Run]:
	"""Record one run of `job`. An error ends the run and is recorded, not raised: see `Run.raise_if_failed`.

	`keep_empty` False leaves no record of a run that found nothing to do.
	"""
	record = Run(job, total=total, watched=watched)
	_close_abandoned(job)
	_open(record)
	try:
		yield record
	except Exception as error:
		record.error = code_of(error)
		record.failed(record.error, message=message_of(error))
		_clean_up(error)
	_close(record, keep_empty)


def note_failure(job: str, error: BaseException, doctype: str, name: str, *, status: str = "Failed") -> None:
	"""Record in the current transaction that `job` failed for one record; Failed is what is still to be made up for."""
	doc = frappe.new_doc(RUN)
	doc.update({"job": job, "status": status, "started_at": now_datetime(), "ended_at": now_datetime()})
	doc.update({"total": 1, "failed": 1})
	values = {"code": code_of(error), "reference_doctype": doctype, "reference_name": name}
	doc.append("errors", {**values, "message": message_of(error)})
	doc.insert(ignore_permissions=True)  # reason: the system's own record, whoever triggered it


def message_of(error: BaseException) -> str:
	"""The sentence of one of our own refusals. Other errors may quote patients' data, so only their kind is kept."""
	return strip_html(str(error))[:500] if isinstance(error, FollowupError) else ""


def _open(record: Run) -> None:
	doc = frappe.new_doc(RUN)
	doc.update({"job": record.job, "status": "Running", "started_at": now_datetime(), "total": record.total})
	doc.insert(ignore_permissions=True)  # reason: the system's own record
	frappe.db.commit()  # reason: a run that is killed must be seen
	record.name = doc.name


def _close(record: Run, keep_empty: bool) -> None:
	tally = record.tally
	if not (keep_empty or record.error or tally.done or tally.failed):
		frappe.delete_doc(RUN, record.name, ignore_permissions=True, delete_permanently=True)  # reason: ours
		frappe.db.commit()  # reason: the run ends here, whatever its caller does
		return
	doc = frappe.get_doc(RUN, record.name)
	for row in tally.errors:
		doc.append("errors", row)
	doc.update(
		{
			"status": "Failed" if record.error else "Stopped" if record.stopped else "Finished",
			"ended_at": now_datetime(),
			"done": tally.done,
			"failed": tally.failed,
			"skipped": tally.skipped,
			"total": record.total or tally.done + tally.failed + tally.skipped,
		}
	)
	doc.save(ignore_permissions=True)  # reason: the system's own record
	frappe.db.commit()  # reason: the run ends here, whatever its caller does


def _close_abandoned(job: str) -> None:
	"""A run that was killed cannot close its own record."""
	before = add_to_date(now_datetime(), minutes=-ABANDONED_AFTER_MINUTES)
	names = frappe.get_all(
		RUN,
		filters={"job": job, "status": "Running", "modified": ("<", before)},
		pluck="name",
		order_by="name",
	)
	for name in names:
		frappe.db.set_value(RUN, name, {"status": "Stopped", "ended_at": now_datetime()})


def _clean_up(error: BaseException) -> None:
	"""Leave a connection behind on which the run can be recorded."""
	if is_connection_lost(error):
		reconnect()
	else:
		frappe.db.rollback()
