"""A site of its own for tests about installing: without our app, thrown away afterwards."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from tests.stack.connection import connected
from tests.stack.prepared_sites import ADMIN_PASSWORD
from tests.stack.scratch import APP
from tests.stack.stack import Stack


class FreshSite:
	def __init__(self, stack: Stack, variant: str) -> None:
		self.stack = stack
		self.variant = variant
		token = secrets.token_hex(4)
		self.name = f"fresh-{token}.test"
		self.database = f"hf_fresh_{token}"
		self._password = secrets.token_hex(8)

	def create(self) -> None:
		"""`bench new-site` from the backup of this variant's prepared site."""
		backup = self.stack.scratch / "backups" / f"{self.variant}.sql"
		login = ["--db-name", self.database, "--db-root-password", self.stack.mariadb.password]
		site = ["--admin-password", ADMIN_PASSWORD, "--source-sql", str(backup)]
		self.stack.frappe("new-site", self.name, *login, *site)

	def drop(self) -> None:
		self.stack.mariadb.query(f"DROP DATABASE IF EXISTS `{self.database}`")
		self.stack.mariadb.query(f"DROP USER IF EXISTS '{self.database}'@'localhost'")
		shutil.rmtree(self.stack.sites / self.name, ignore_errors=True)

	def install(self) -> str:
		return self.bench("install-app", APP)

	def uninstall(self) -> str:
		return self.bench("uninstall-app", APP, "--yes", "--no-backup")

	def migrate(self) -> str:
		return self.bench("migrate", "--skip-search-index")

	def bench(self, *arguments: str) -> str:
		"""``bench --site … <arguments>``; returns what it printed, raises StackError when it fails."""
		return self.stack.frappe(*arguments, site=self.name)

	@contextmanager
	def connected(self) -> Iterator[None]:
		with connected(self.stack, self.name):
			yield
