"""Put a site back exactly as it was: database rows by checksum against a copy, Redis by dump and restore."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.stack.stack import Stack

# Above this, TRUNCATE beats DELETE; below it, DELETE spares the server a table rebuild.
ROWS_FOR_TRUNCATE = 5000
TABLES_THAT_ALTER_OTHERS = {"tabDocType", "tabDocField", "tabCustom Field"}


class Baseline:
	"""The pristine contents of one site's database, kept in a second database of the same server.

	The copy outlives a killed run, so the next run of a kept stack can put the site right first.
	"""

	def __init__(self, stack: Stack, site: str) -> None:
		import frappe

		self.database = str(frappe.get_site_config(str(stack.sites), str(stack.sites / site))["db_name"])
		self.copy = f"{self.database}_pristine"
		self.dirty_mark = stack.scratch / f"{self.database}.dirty"
		self._notes = stack.scratch / f"{self.database}.pristine.json"
		self._stack = stack
		self._checksums: dict[str, int] = {}
		self._columns: set[tuple[str, str]] = set()

	@contextmanager
	def _root(self) -> Iterator[Any]:
		import pymysql

		connection = pymysql.connect(
			unix_socket=str(self._stack.mariadb.socket),
			user="root",
			password=self._stack.mariadb.password,
			autocommit=True,
			charset="utf8mb4",
		)
		try:
			with connection.cursor() as cursor:
				cursor.execute("SET foreign_key_checks = 0, lock_wait_timeout = 30, sql_mode = ''")
				yield cursor
		finally:
			connection.close()

	def take(self) -> None:
		"""Copy every table that has rows, unless the copy of an earlier run still holds.

		A site left dirty by a killed run is put back first.
		"""
		with self._root() as cursor:
			if self._notes.exists():
				noted = json.loads(self._notes.read_text())
				self._checksums = noted["checksums"]
				self._columns = {tuple(pair) for pair in noted["columns"]}
				if self.dirty_mark.exists():
					self._put_back(cursor)
			current = _checksums(cursor, self.database)
			if current != self._checksums:
				self._copy(cursor, current)
		self.dirty_mark.unlink(missing_ok=True)

	def _copy(self, cursor: Any, checksums: dict[str, int]) -> None:
		self._notes.unlink(missing_ok=True)
		cursor.execute(f"DROP DATABASE IF EXISTS `{self.copy}`")
		cursor.execute(f"CREATE DATABASE `{self.copy}`")
		for table in (table for table, checksum in checksums.items() if checksum):
			cursor.execute(f"CREATE TABLE `{self.copy}`.`{table}` LIKE `{self.database}`.`{table}`")
			cursor.execute(f"INSERT INTO `{self.copy}`.`{table}` SELECT * FROM `{self.database}`.`{table}`")
		self._checksums = checksums
		self._columns = _columns(cursor, self.database)
		self._notes.write_text(json.dumps({"checksums": checksums, "columns": sorted(self._columns)}))

	def restore(self) -> list[str]:
		"""Undo whatever was committed since ``take``; returns the tables that had changed."""
		with self._root() as cursor:
			changed = self._put_back(cursor)
		self.dirty_mark.unlink(missing_ok=True)
		return changed

	def mark_dirty(self) -> None:
		self.dirty_mark.touch()

	def _put_back(self, cursor: Any) -> list[str]:
		now = _checksums(cursor, self.database)
		changed = [table for table, checksum in now.items() if self._checksums.get(table) != checksum]
		if TABLES_THAT_ALTER_OTHERS.intersection(changed):
			for table, column in sorted(_columns(cursor, self.database) - self._columns):
				if table in self._checksums:
					cursor.execute(f"ALTER TABLE `{self.database}`.`{table}` DROP COLUMN `{column}`")
		for table in changed:
			if table not in self._checksums:
				cursor.execute(f"DROP TABLE `{self.database}`.`{table}`")
				continue
			self._empty(cursor, table)
			if self._checksums[table]:
				cursor.execute(
					f"INSERT INTO `{self.database}`.`{table}` SELECT * FROM `{self.copy}`.`{table}`"
				)
		return changed

	def _empty(self, cursor: Any, table: str) -> None:
		cursor.execute(f"SELECT count(*) FROM `{self.database}`.`{table}`")
		(rows,) = cursor.fetchone()
		verb = "TRUNCATE TABLE" if rows > ROWS_FOR_TRUNCATE else "DELETE FROM"
		cursor.execute(f"{verb} `{self.database}`.`{table}`")


def _checksums(cursor: Any, database: str) -> dict[str, int]:
	cursor.execute(
		"SELECT table_name FROM information_schema.tables"
		" WHERE table_schema = %s AND table_type = 'BASE TABLE' ORDER BY table_name",
		(database,),
	)
	tables = [row[0] for row in cursor.fetchall()]
	cursor.execute("CHECKSUM TABLE " + ", ".join(f"`{database}`.`{table}`" for table in tables))
	return {name.removeprefix(f"{database}."): checksum for name, checksum in cursor.fetchall()}


def _columns(cursor: Any, database: str) -> set[tuple[str, str]]:
	cursor.execute(
		"SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = %s", (database,)
	)
	return set(cursor.fetchall())
