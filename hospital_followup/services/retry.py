"""Trying a whole transaction again when the database, not the data, was the problem.

Frappe retries a background job on lock errors only partly (quality.md, Reliability 6). MariaDB answers a deadlock by
rolling the whole transaction back, so only the whole transaction can be tried again, never a part of it.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import frappe
from frappe import _

from hospital_followup.exceptions import ConcurrentWriteError, DuplicateRecordError

Result = TypeVar("Result")

ATTEMPTS = 3
#: Seconds before the first retry; doubled each time, half of it at random so that two rivals part company.
PAUSE = 0.4
#: MariaDB: lock wait, deadlock, "record has changed since last read" (snapshot isolation, MariaDB 11.6.2 and later).
CONFLICTS = frozenset({1205, 1213, 1020})
#: Of these the ones after which MariaDB has rolled the whole transaction back; a lock wait undoes one statement.
ROLLED_BACK = frozenset({1213, 1020})
#: MariaDB: server shutting down, connection killed, gone away, lost during the query, closed on our side.
LOST = frozenset({0, 1053, 1927, 2003, 2006, 2013, 4031})
#: PostgreSQL: serialization failure, deadlock, lock not available; admin shutdown, connection failures.
PG_CONFLICTS = frozenset({"40001", "40P01", "55P03"})
PG_LOST = frozenset({"57P01", "08000", "08003", "08006"})


def with_retry(work: Callable[[], Result], *, attempts: int = ATTEMPTS, commit: bool = True) -> Result:
	"""Run `work` and commit; on a conflict or a lost connection roll back and run all of it again.

	`work` must be a whole transaction: it starts with nothing uncommitted and may be run more than once. Any other
	error, and the last attempt's, is rolled back and raised. In a request `commit` is False: Frappe commits, or rolls
	back, when the request ends.
	"""
	for attempt in range(1, attempts + 1):
		try:
			result = work()
			if commit:
				frappe.db.commit()  # reason: `work` is a whole background transaction; its locks end here
			return result
		except Exception as error:
			lost, again = is_connection_lost(error), is_conflict(error)
			if lost:
				reconnect()
			elif commit or again:
				frappe.db.rollback()
			if attempt == attempts or not (lost or again):
				raise
		time.sleep(PAUSE * 2 ** (attempt - 1) * (0.5 + random.random() / 2))  # nosec B311
	raise AssertionError("unreachable: the last attempt returns or raises")


def is_conflict(error: BaseException) -> bool:
	"""Whether the same transaction may well succeed when it is run again."""
	if isinstance(error, frappe.QueryDeadlockError | frappe.QueryTimeoutError | ConcurrentWriteError):
		return True
	return _code(error) in CONFLICTS or getattr(error, "pgcode", None) in PG_CONFLICTS


@contextmanager
def unseen_duplicates() -> Iterator[None]:
	"""Turn the refusal of a duplicate that was not there a moment ago into ConcurrentWriteError.

	At REPEATABLE READ a transaction sees the rows of its own beginning: what a rival has committed since exists for the
	unique key, but neither for a look-up nor for the check of links. Only a new transaction sees it.
	"""
	try:
		yield
	except (DuplicateRecordError, frappe.DuplicateEntryError, frappe.UniqueValidationError) as error:
		frappe.clear_last_message()
		raise ConcurrentWriteError(
			_("The same record is being written elsewhere. Please try again.")
		) from error


def is_connection_lost(error: BaseException) -> bool:
	"""Whether the connection to the database is gone, and with it the transaction."""
	return _code(error) in LOST or getattr(error, "pgcode", None) in PG_LOST


def has_lost_transaction(error: BaseException) -> bool:
	"""Whether the database has already thrown the whole transaction away: no savepoint brings it back."""
	deadlock = isinstance(error, frappe.QueryDeadlockError) or _code(error) in ROLLED_BACK
	return deadlock or is_connection_lost(error) or getattr(error, "pgcode", None) in PG_CONFLICTS


def reconnect() -> None:
	"""Let go of a dead connection; the next query opens a fresh one. What was pending on it is forgotten with it."""
	for callbacks in (frappe.db.before_commit, frappe.db.after_commit, frappe.db.before_rollback):
		callbacks.reset()
	frappe.db.after_rollback.run()
	try:
		frappe.db.close()
	except Exception as error:
		# Closing a connection that the server has dropped already fails in ways that differ by driver.
		frappe.logger("hospital_followup").info("closing a lost connection: %s", type(error).__name__)
	frappe.db._conn = frappe.db._cursor = None


def _code(error: BaseException) -> int | None:
	"""The database's own error number; Frappe wraps the driver's error into its own."""
	first = error.args[0] if error.args else None
	if isinstance(first, BaseException):
		return _code(first)
	return first if isinstance(first, int) and _is_database_error(error) else None


def _is_database_error(error: BaseException) -> bool:
	return type(error).__module__.split(".")[0] in ("pymysql", "MySQLdb", "psycopg2", "sqlite3")
