"""Start processes that cannot outlive their purpose, and end them by id, never by name."""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PR_SET_PDEATHSIG = 1  # linux/prctl.h


class StackError(Exception):
	"""The stack cannot do its work; the message says what to do about it."""


@dataclass(frozen=True, slots=True)
class Record:
	"""One process: its id is only trusted together with the moment it was started."""

	pid: int
	started: str

	@classmethod
	def of(cls, pid: int) -> Record:
		return cls(pid, start_time(pid))

	@classmethod
	def read(cls, path: Path) -> Record | None:
		try:
			data = json.loads(path.read_text())
			return cls(int(data["pid"]), str(data["started"]))
		except (OSError, ValueError, KeyError):
			return None

	def write(self, path: Path) -> None:
		path.write_text(json.dumps({"pid": self.pid, "started": self.started}))

	@property
	def alive(self) -> bool:
		return bool(self.started) and start_time(self.pid) == self.started


def start_time(pid: int) -> str:
	"""The kernel's start time of a process, empty when there is none (or only its zombie)."""
	try:
		fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
		return "" if fields[0] in "ZX" else fields[19]
	except OSError:
		pass
	if Path("/proc/self/stat").exists():
		return ""
	shown = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True)
	return shown.stdout.strip()


def die_with_parent() -> None:
	"""In a child, before exec: have the kernel end it when its parent is gone, even by kill -9."""
	if sys.platform == "linux":
		with contextlib.suppress(OSError, AttributeError):
			ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def spawn(
	name: str, argv: Sequence[str], *, scratch: Path, env: Mapping[str, str], cwd: Path | None = None
) -> subprocess.Popen[bytes]:
	"""Start a server of this stack: own process group, log in the scratch, recorded for the janitor."""
	with (scratch / "logs" / f"{name}.log").open("ab") as log:
		process = subprocess.Popen(
			list(argv),
			cwd=cwd or scratch,
			env=dict(env),
			stdin=subprocess.DEVNULL,
			stdout=log,
			stderr=subprocess.STDOUT,
			start_new_session=True,
			preexec_fn=die_with_parent,
		)
	Record.of(process.pid).write(scratch / "pids" / f"{name}.json")
	return process


def stop(name: str, *, scratch: Path, how: signal.Signals = signal.SIGTERM, grace: float = 20) -> None:
	"""End a recorded process and its group; whatever ignores the signal is killed after ``grace`` seconds."""
	path = scratch / "pids" / f"{name}.json"
	record = Record.read(path)
	if record and record.alive:
		family = _signal_group(record, how)
		if not wait_until(lambda: not _any_left(family), timeout=grace):
			family = _signal_group(record, signal.SIGKILL)
			wait_until(lambda: not _any_left(family), timeout=10)
	path.unlink(missing_ok=True)


def stop_all(scratch: Path) -> None:
	"""End every process of a scratch: the recorded ones, then any that is left of them
	(a worker's child has a session of its own and may survive its parent)."""
	for path in sorted((scratch / "pids").glob("*.json"), reverse=True):
		stop(path.stem, scratch=scratch)
	for record in _stragglers(scratch):
		_signal_group(record, signal.SIGKILL)


def _signal_group(record: Record, how: signal.Signals) -> list[Record]:
	"""SIGKILL reaches the children too, also those that made a group of their own. Returns whom to wait for."""
	family = children(record) if how == signal.SIGKILL else []
	with contextlib.suppress(ProcessLookupError, PermissionError):
		os.killpg(record.pid, how)
	for member in [record, *family]:
		if member.alive:
			with contextlib.suppress(ProcessLookupError, PermissionError):
				os.kill(member.pid, how)
	return [record, *family]


def children(record: Record) -> list[Record]:
	"""Every process below this one."""
	parents: dict[int, list[int]] = {}
	for stat in Path("/proc").glob("[0-9]*/stat"):
		with contextlib.suppress(OSError, ValueError):
			parent = int(stat.read_text().rpartition(")")[2].split()[1])
			parents.setdefault(parent, []).append(int(stat.parent.name))
	found, waiting = [], [record.pid]
	while waiting:
		for pid in parents.get(waiting.pop(), []):
			found.append(Record.of(pid))
			waiting.append(pid)
	return found


def _stragglers(scratch: Path) -> list[Record]:
	"""Processes that were started with this scratch's environment, whoever their parent is by now."""
	mark = f"FRAPPE_BENCH_ROOT={scratch / 'bench'}".encode()
	found = []
	for environ in Path("/proc").glob("[0-9]*/environ"):
		with contextlib.suppress(OSError):
			if mark in environ.read_bytes().split(b"\0") and int(environ.parent.name) != os.getpid():
				found.append(Record.of(int(environ.parent.name)))
	return found


def _any_left(family: Sequence[Record]) -> bool:
	"""Whether one of them still runs: a signal is sent at once but obeyed later, and a grandchild that has lost its
	parent ends by itself. Our own dead child is collected so that it does not linger as a zombie."""
	for member in family:
		with contextlib.suppress(ChildProcessError):
			os.waitpid(member.pid, os.WNOHANG)
	return any(member.alive for member in family)


def wait_until(done: Callable[[], bool], *, timeout: float, every: float = 0.05) -> bool:
	deadline = time.monotonic() + timeout
	while not done():
		if time.monotonic() > deadline:
			return False
		time.sleep(every)
	return True


def free_port() -> int:
	"""A TCP port nobody listens on. Another process may take it meanwhile: callers try again then."""
	with socket.socket() as probe:
		probe.bind(("127.0.0.1", 0))
		port: int = probe.getsockname()[1]
		return port


def listening(port: int) -> bool:
	with socket.socket() as probe:
		probe.settimeout(1)
		return probe.connect_ex(("127.0.0.1", port)) == 0


def run(
	argv: Sequence[str],
	*,
	env: Mapping[str, str] | None = None,
	cwd: Path | None = None,
	what: str = "",
	stdin: str | None = None,
) -> str:
	"""Run a command to its end and return what it printed; raise StackError with the output if it failed."""
	done = subprocess.run(
		list(argv),
		cwd=cwd,
		env=None if env is None else dict(env),
		input=stdin if stdin is not None else "",
		stdout=subprocess.PIPE,
		stderr=subprocess.STDOUT,
		text=True,
		errors="replace",
	)
	if done.returncode:
		tail = "\n".join(done.stdout.splitlines()[-40:])
		raise StackError(f"{what or argv[0]} failed (exit {done.returncode}):\n{tail}")
	return done.stdout
