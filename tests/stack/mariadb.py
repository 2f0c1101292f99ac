"""A private MariaDB: own data directory, own socket, a free port on the loopback, gone with its owner."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from tests.stack.processes import StackError, run
from tests.stack.server import Server, program


class MariaDB(Server):
	"""One server in ``scratch``. A killed server loses nothing that was committed: the log is written at
	every commit and survives in the system's page cache. Only a power cut would lose data, so syncing to
	the disk is left out unless ``durable``."""

	name = "mariadb"

	def __init__(self, scratch: Path, env: Mapping[str, str], *, durable: bool = False) -> None:
		super().__init__(scratch, env)
		self.durable = durable
		self.data = scratch / "data"
		self.socket = scratch / "run" / "mysqld.sock"
		self._password_file = scratch / "mysqld.password"

	@property
	def password(self) -> str:
		"""Root's password lives in the data directory too, so it travels with a copy of it."""
		return self._password_file.read_text() if self._password_file.exists() else ""

	def initialise(self) -> None:
		"""Make an empty data directory with a root user for the socket and the loopback."""
		self.data.mkdir()
		argv = [
			program("mariadb-install-db", "mysql_install_db"),
			"--no-defaults",
			f"--datadir={self.data}",
			"--auth-root-authentication-method=normal",
			"--skip-test-db",
			"--innodb-log-file-size=48M",
			*_as_root(),
		]
		run(argv, env=self.env, what="mariadb-install-db")

	def secure(self) -> None:
		"""Give root a password nobody knows: other users of this machine can reach the loopback."""
		password = secrets.token_hex(16)
		self.query(f"ALTER USER root@localhost IDENTIFIED BY '{password}'")
		self._password_file.touch(mode=0o600)
		self._password_file.write_text(password)

	def answers(self) -> bool:
		if not self.socket.exists():
			return False
		try:
			self.query("SELECT 1")
		except StackError as error:
			return "Access denied" in str(error)
		return True

	def query(self, statement: str, *, database: str = "") -> str:
		"""Run one statement as root through the socket; rows come back as tab separated lines."""
		argv = [*self._client("mariadb", "mysql"), "-N", "-B", "-e", statement, *filter(None, [database])]
		return run(argv, env=self._client_env(), what="mariadb")

	def dump(self, database: str, target: Path) -> None:
		argv = [*self._client("mariadb-dump", "mysqldump"), "--single-transaction", f"--result-file={target}"]
		run([*argv, database], env=self._client_env(), what=f"mariadb-dump {database}")

	def _client(self, name: str, older_name: str) -> list[str]:
		return [program(name, older_name), "--no-defaults", f"--socket={self.socket}", "--user=root"]

	def _client_env(self) -> dict[str, str]:
		return {**self.env, "MYSQL_PWD": self.password}

	def command(self) -> list[str]:
		self.socket.unlink(missing_ok=True)
		sync = [] if self.durable else ["--innodb-flush-method=nosync", "--innodb-doublewrite=0"]
		return [
			program("mariadbd", "mysqld"),
			"--no-defaults",
			f"--datadir={self.data}",
			f"--socket={self.socket}",
			f"--pid-file={self.scratch / 'run' / 'mysqld.pid'}",
			f"--tmpdir={self.scratch / 'run'}",
			"--bind-address=127.0.0.1",
			f"--port={self.port}",
			"--character-set-server=utf8mb4",
			"--collation-server=utf8mb4_unicode_ci",
			f"--innodb-flush-log-at-trx-commit={1 if self.durable else 2}",
			"--innodb-log-file-size=48M",
			"--innodb-buffer-pool-size=512M",
			"--loose-innodb-file-per-table=0",
			"--table-open-cache=4000",
			"--max-allowed-packet=256M",
			"--performance-schema=0",
			"--skip-log-bin",
			"--skip-slave-start",
			*sync,
			*_as_root(),
		]


def _as_root() -> list[str]:
	"""MariaDB refuses to run as root unless told so; an ordinary user needs no word about it."""
	return ["--user=root"] if os.getuid() == 0 else []
