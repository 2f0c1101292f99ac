"""Where the stack keeps things: a cache shared by all runs, and one disposable directory per run."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.stack.processes import Record, stop_all

CHECKOUT = Path(__file__).resolve().parents[2]
APP = "hospital_followup"
# Set by the launcher for pytest: where the stack was laid (one per process of the run), or why there is none.
STACK_VARIABLE = "HOSPITAL_FOLLOWUP_STACK"
STACKS_VARIABLE = "HOSPITAL_FOLLOWUP_STACKS"
NO_SITE_VARIABLE = "HOSPITAL_FOLLOWUP_NO_SITE"


def say(message: str) -> None:
	print(f"[stack] {message}", file=sys.stderr, flush=True)


def cache_dir() -> Path:
	"""``$XDG_CACHE_HOME/hospital_followup``, or beside the scratch directories when home is not writable."""
	base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
	for candidate in (base / APP, scratch_base() / "cache"):
		try:
			candidate.mkdir(parents=True, exist_ok=True)
		except OSError:
			continue
		if os.access(candidate, os.W_OK):
			return candidate
	raise PermissionError(f"neither {base} nor {scratch_base()} can be written")


def scratch_base() -> Path:
	"""Short on purpose: a unix socket's path may have 107 characters."""
	base = Path(tempfile.gettempdir()) / f"hospital-followup-{os.getuid()}"
	if len(str(base)) > 60:
		base = Path("/tmp") / base.name
	base.mkdir(mode=0o700, parents=True, exist_ok=True)
	if base.stat().st_uid != os.getuid():
		raise PermissionError(f"{base} belongs to somebody else; set TMPDIR to a directory of your own")
	return base


def kept_scratch() -> Path:
	"""The scratch that `make stack-up` keeps between runs: one per checkout."""
	return scratch_base() / f"kept-{hashlib.sha256(str(CHECKOUT).encode()).hexdigest()[:10]}"


def make_scratch(path: Path | None = None) -> Path:
	"""A fresh scratch directory owned by this process."""
	path = path or Path(tempfile.mkdtemp(prefix="run-", dir=scratch_base()))
	for name in ("logs", "pids", "run"):
		(path / name).mkdir(parents=True, exist_ok=True)
	own(path)
	return path


def own(path: Path) -> None:
	Record.of(os.getpid()).write(path / "owner.json")


def remove_scratch(path: Path) -> None:
	"""End every process of a scratch and delete it. Safe to call twice."""
	if path.exists():
		stop_all(path)
		for _attempt in range(3):
			shutil.rmtree(path, ignore_errors=True)
			if not path.exists():
				break
			time.sleep(0.2)


def sweep() -> None:
	"""The janitor: clear away what runs that were killed left behind."""
	for path in scratch_base().iterdir():
		if not path.is_dir() or not path.name.startswith(("run-", "kept-", "demo-")):
			continue
		owner = Record.read(path / "owner.json")
		if owner is None:
			fresh = path.exists() and time.time() - path.stat().st_mtime < 60
			if fresh:
				continue
		elif owner.alive:
			continue
		say(f"clearing away {path}, left behind by a run that is gone")
		remove_scratch(path)


@contextlib.contextmanager
def lock(name: str, waiting_for: str = "", shared: bool = False) -> Iterator[None]:
	"""A file lock in the cache; the kernel drops it when its holder dies, so it can never be stale."""
	directory = cache_dir() / "locks"
	directory.mkdir(exist_ok=True)
	kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
	with (directory / f"{name}.lock").open("w") as handle:
		try:
			fcntl.flock(handle, kind | fcntl.LOCK_NB)
		except BlockingIOError:
			say(f"waiting for another run: {waiting_for or name}")
			fcntl.flock(handle, kind)
		yield


def digest(*parts: object) -> str:
	return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()[:16]
