"""Every change of a message's status that any process commits, written down by the database itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import frappe

from hospital_followup.engine.transitions import MESSAGE, allowed
from tests.stack.connection import Site

#: Beside the site's own database: what puts the site back knows nothing of it.
NOTES = "followup_steps_seen"


class Steps:
	"""Statuses that messages went through; see `written_down`."""

	def __init__(self, site: Site) -> None:
		self._site = site

	def of(self, message: str) -> list[str]:
		"""The statuses that followed the first one, in order."""
		rows = self._query(f"SELECT target FROM steps WHERE message = '{message}' ORDER BY id")
		return [target for (target,) in rows]

	def all_legal(self) -> None:
		"""Every one stands in the table of transitions. There must be some: a trigger that sees nothing proves nothing."""
		rows = self._query("SELECT DISTINCT source, target FROM steps ORDER BY source, target")
		assert rows
		for source, target in rows:
			assert allowed(MESSAGE, source, target), (source, target)

	def _query(self, statement: str) -> list[tuple[str, ...]]:
		said = self._site.stack.mariadb.query(statement, database=NOTES)
		return [tuple(line.split("\t")) for line in said.splitlines()]


@contextmanager
def written_down(site: Site) -> Iterator[Steps]:
	"""Note the changes of every transaction that is committed, whatever process makes it, and of no other."""
	server, database = site.stack.mariadb, site.baseline.database
	server.query(
		f"""CREATE DATABASE IF NOT EXISTS {NOTES};
		CREATE OR REPLACE TABLE {NOTES}.steps
			(id INT AUTO_INCREMENT PRIMARY KEY, message VARCHAR(140), source VARCHAR(20), target VARCHAR(20));
		CREATE OR REPLACE TRIGGER `{database}`.steps_seen AFTER UPDATE ON `{database}`.`tabFollow-up Message`
		FOR EACH ROW INSERT INTO {NOTES}.steps (message, source, target)
			SELECT NEW.name, OLD.status, NEW.status FROM DUAL WHERE OLD.status <> NEW.status"""
	)
	try:
		yield Steps(site)
	finally:
		frappe.db.rollback()  # a lock of the test's own would keep the trigger
		if not server.running:
			server.start()
		server.query(f"DROP TRIGGER IF EXISTS `{database}`.steps_seen")
