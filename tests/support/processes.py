"""Real processes on the site of a test: several at the same moment, or one that is killed half-way."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from tests.stack.connection import Site

PROGRAM = Path(__file__).parent / "program.py"


_running: list[Program] = []


@pytest.fixture(autouse=True)
def kill_leftovers(site: Site) -> Iterator[None]:
	"""A program that a failed test left behind may hold a lock on what is put back next."""
	yield
	while _running:
		_running.pop().kill()


class Program:
	"""A Python program on the site, connected and waiting for `go`."""

	def __init__(self, site: Site, source: str, user: str = "Administrator") -> None:
		argv = [str(site.stack.python), str(PROGRAM), site.name, user]
		self._process = subprocess.Popen(
			argv,
			cwd=site.stack.sites,
			env=dict(site.stack.env),
			stdin=subprocess.PIPE,
			stdout=subprocess.PIPE,
			stderr=subprocess.STDOUT,
			text=True,
		)
		_running.append(self)
		self._write(dedent(source).encode("unicode_escape").decode())
		self._output: list[str] = []
		self.wait_for("ready")

	def go(self) -> Program:
		self._write("")
		return self

	def wait_for(self, line: str) -> None:
		"""Until the program prints this line. Raises with its output when it ends without."""
		for printed in self._process.stdout:
			self._output.append(printed)
			if printed.strip() == line:
				return
		raise AssertionError(f"ended without {line!r}:\n{''.join(self._output)}")

	def kill(self) -> None:
		"""kill -9: no rollback, no goodbye."""
		self._process.kill()
		self._process.wait()

	def end(self, *, may_fail: bool = False) -> str:
		"""Wait for the end and return what it printed. Raises with the output when it failed, unless it may."""
		rest, _nothing = self._process.communicate()
		output = "".join(self._output) + rest
		assert may_fail or self._process.returncode == 0, output
		return output

	def _write(self, line: str) -> None:
		self._process.stdin.write(line + "\n")
		self._process.stdin.flush()


def together(site: Site, *sources: str) -> list[str]:
	"""Run the programs at the same moment, each in a process of its own; what each printed."""
	programs = [Program(site, source) for source in sources]
	for program in programs:
		program.go()
	return [program.end() for program in programs]
