"""What MariaDB and Redis have in common: a program on a free port that lives in one scratch directory."""

from __future__ import annotations

import os
import shutil
import signal
from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from tests.stack.processes import Record, StackError, free_port, spawn, stop, wait_until

SYSTEM_FOLDERS = ":/usr/sbin:/usr/local/sbin:/usr/libexec:/opt/homebrew/bin"
PORTS_TO_TRY = 5
SECONDS_TO_START = 90


def program(*names: str) -> str:
	"""The first of these programs that is installed; Debian keeps servers out of an ordinary user's PATH."""
	for name in names:
		if found := shutil.which(name, path=os.environ.get("PATH", "") + SYSTEM_FOLDERS):
			return found
	raise StackError(f"{names[0]} is not installed (Debian: apt-get install mariadb-server redis-server)")


class Server(ABC):
	name: ClassVar[str]

	def __init__(self, scratch: Path, env: Mapping[str, str]) -> None:
		self.scratch = scratch
		self.env = env
		self._port_file = scratch / "run" / f"{self.name}.port"

	@property
	def port(self) -> int:
		return int(self._port_file.read_text())

	def start(self) -> None:
		"""Start and wait until it answers. The port stays the same over a restart."""
		for _attempt in range(PORTS_TO_TRY):
			if not self._port_file.exists():
				self._port_file.write_text(str(free_port()))
			if self._answered():
				return
			self.kill()
			if "ddress already in use" not in self.log():
				break
			self._port_file.unlink()
		raise StackError(f"{self.name} did not start; the end of its log:\n{self.log()[-3000:]}")

	def _answered(self) -> bool:
		process = spawn(self.name, self.command(), scratch=self.scratch, env=self.env)
		wait_until(lambda: process.poll() is not None or self.answers(), timeout=SECONDS_TO_START)
		return process.poll() is None and self.answers()

	def stop(self) -> None:
		"""End it in good order."""
		stop(self.name, scratch=self.scratch, grace=60)

	def kill(self) -> None:
		"""What a crash looks like: no flush, no goodbye."""
		stop(self.name, scratch=self.scratch, how=signal.SIGKILL)

	@property
	def running(self) -> bool:
		record = Record.read(self.scratch / "pids" / f"{self.name}.json")
		return record is not None and record.alive

	def log(self) -> str:
		return (self.scratch / "logs" / f"{self.name}.log").read_text(errors="replace")

	@abstractmethod
	def command(self) -> list[str]:
		"""The command line of the server, in the foreground."""

	@abstractmethod
	def answers(self) -> bool:
		"""Whether it accepts work by now."""
