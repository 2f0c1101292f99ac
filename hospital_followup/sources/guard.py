"""Our code inside somebody else's transaction: it must never cost the hospital what the hospital is doing.

A foreign event runs under a savepoint. Whatever goes wrong is undone and noted, and the dispatcher does it again later.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import wraps
from typing import Any

import frappe
from frappe.model.document import Document

#: Seconds that the hospital's save may wait for a row that our own jobs hold; the database's default is 50.
LOCK_WAIT = 3

Handler = Callable[..., None]


def never_raises(handler: Handler) -> Handler:
	"""Decorate a document event of another app's doctype.

	The one thing that passes through is the loss of the whole transaction (a deadlock, a dropped connection): the
	hospital's own writes are gone with it, and only an error makes the hospital's program try again.
	"""

	@wraps(handler)
	def guarded(doc: Document, method: str | None = None, *args: Any) -> None:
		messages = list(frappe.local.message_log)
		point = f"followup_{frappe.generate_hash(length=8)}"
		frappe.db.savepoint(point)
		try:
			with _short_lock_wait():
				handler(doc, *args)
		except Exception as error:
			if not _undone(point):
				raise
			_note(error, doc.doctype, doc.name)
		else:
			frappe.db.release_savepoint(point)
		finally:
			# Our refusals and hints are not for the person who is discharging a patient.
			frappe.local.message_log = messages

	return guarded


def _undone(point: str) -> bool:
	"""Whether only our part could be taken back; False when the database has thrown the whole transaction away."""
	try:
		frappe.db.rollback(save_point=point)
	except Exception:
		return False
	return True


def _note(error: BaseException, doctype: str, name: str) -> None:
	"""Record what failed for which document, without any value of it."""
	frappe.logger("hospital_followup").warning(
		"%s %s was not taken over (%s)", doctype, name, type(error).__name__
	)
	point = "followup_note"
	try:
		from hospital_followup.services import missed_events, wake

		frappe.db.savepoint(point)
		missed_events.note(error, doctype, name)
		wake.repeat_intakes_after_commit()
	except Exception:
		# The reconciliation finds the document without the note, too.
		with suppress(Exception):
			frappe.db.rollback(save_point=point)


@contextmanager
def _short_lock_wait() -> Iterator[None]:
	if frappe.db.db_type != "mariadb":
		yield
		return
	read = "select @@session.innodb_lock_wait_timeout"
	before = frappe.db.sql(read)[0][0]  # reason: a session variable, no table to query
	_set_lock_wait(LOCK_WAIT)
	try:
		yield
	finally:
		with suppress(Exception):  # on a dead connection there is no session left, and the first error counts
			_set_lock_wait(before)


def _set_lock_wait(seconds: int) -> None:
	frappe.db.sql(  # reason: a session variable, no query builder for it
		"set session innodb_lock_wait_timeout = %s", (int(seconds),)
	)
