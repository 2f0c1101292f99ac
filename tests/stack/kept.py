"""The stack a developer keeps between runs: one per checkout, up in seconds, gone when idle."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.stack import assets
from tests.stack.fingerprint import fingerprint
from tests.stack.packages import provide
from tests.stack.processes import Record, StackError, run, wait_until
from tests.stack.runs import Stopped, a_bench, pytest_in
from tests.stack.scratch import (
	CHECKOUT,
	STACK_VARIABLE,
	kept_scratch,
	make_scratch,
	remove_scratch,
	say,
	sweep,
)
from tests.stack.stack import Stack

IDLE_SECONDS = 45 * 60
SYNC = Path(__file__).parent / "scripts" / "sync_app.py"


def test(arguments: Sequence[str]) -> int:
	"""`make site-test`: run pytest in the kept stack after bringing the site up to this checkout."""
	with _in_use():
		up([])
		stack = Stack(kept_scratch())
		_bring_up_to_date(stack)
		env = {**stack.env, STACK_VARIABLE: str(stack.scratch)}
		code = pytest_in(stack.python, env, arguments)
		(stack.scratch / "last-used").touch()
		return code


def up(_arguments: Sequence[str]) -> int:
	"""`make stack-up`."""
	scratch = kept_scratch()
	if not _keeper_alive(scratch):
		sweep()
		bench = a_bench()
		if bench is None:
			raise StackError("no Frappe bench was found; see tests/stack/README.md")
		provide()
		log = CHECKOUT / ".scratch" / "stack.log"
		log.parent.mkdir(exist_ok=True)
		say(f"starting the kept stack of this checkout (log: {log})")
		with log.open("wb") as output:
			subprocess.Popen(
				[sys.executable, "-m", "tests.stack", "keep", str(bench.path)],
				cwd=CHECKOUT,
				stdin=subprocess.DEVNULL,
				stdout=output,
				stderr=subprocess.STDOUT,
				start_new_session=True,
			)
		wait_until(lambda: _keeper_alive(scratch) or (scratch / "failed").exists(), timeout=30)
	while not (scratch / "ready").exists():
		if not _keeper_alive(scratch):
			failed = CHECKOUT / ".scratch" / "stack.log"
			raise StackError(f"the kept stack did not come up:\n{failed.read_text()[-3000:]}")
		time.sleep(0.2)
	return 0


def keep(arguments: Sequence[str]) -> int:
	"""The keeper: owns the kept stack's servers, starts fallen ones again, ends all when idle."""
	from tests.stack.bench import Bench

	for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
		signal.signal(number, _stop)
	scratch = kept_scratch()
	shutil.rmtree(scratch, ignore_errors=True)
	make_scratch(scratch)
	try:
		stack = Stack.lay(Bench(Path(arguments[0])), scratch)
		stack.start()
		stack.installed_on(stack.bench.variants[-1])
		(scratch / "fingerprint").write_text(fingerprint())
		(scratch / "last-used").touch()
		(scratch / "ready").touch()
		while _wanted(scratch):
			time.sleep(2)
			_start_what_fell(stack)
	except Exception:
		traceback.print_exc()
		return 1
	finally:
		remove_scratch(scratch)
	return 0


def down(_arguments: Sequence[str]) -> int:
	"""`make stack-down`."""
	scratch = kept_scratch()
	record = Record.read(scratch / "owner.json")
	if record and record.alive:
		os.kill(record.pid, signal.SIGTERM)
		wait_until(lambda: not scratch.exists(), timeout=60, every=0.2)
	remove_scratch(scratch)
	return 0


def reset(arguments: Sequence[str]) -> int:
	"""`make stack-reset`."""
	return down(arguments) or up(arguments)


def status(_arguments: Sequence[str]) -> int:
	scratch = kept_scratch()
	alive = _keeper_alive(scratch)
	print(f"kept stack: {'up' if alive else 'down'}{f' in {scratch}' if alive else ''}")
	return 0


def _stop(number: int, _frame: object) -> None:
	raise Stopped(128 + number)


def _keeper_alive(scratch: Path) -> bool:
	record = Record.read(scratch / "owner.json")
	return record is not None and record.alive


@contextlib.contextmanager
def _in_use() -> Iterator[None]:
	"""Two runs in one checkout would share one site: the second waits."""
	path = kept_scratch().with_suffix(".in-use")
	with path.open("w") as handle:
		try:
			fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
		except BlockingIOError:
			say("another run uses the kept stack of this checkout: waiting for it")
			fcntl.flock(handle, fcntl.LOCK_EX)
		yield


def _free() -> bool:
	with kept_scratch().with_suffix(".in-use").open("w") as handle:
		try:
			fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
		except BlockingIOError:
			return False
	return True


def _wanted(scratch: Path) -> bool:
	if not CHECKOUT.exists():
		return False
	if not _free():
		(scratch / "last-used").touch()
	return time.time() - (scratch / "last-used").stat().st_mtime < IDLE_SECONDS


def _start_what_fell(stack: Stack) -> None:
	"""A fault test may have ended a server and its own replacement with it."""
	if _free():
		_start_unless_answering(stack)


def _start_unless_answering(stack: Stack) -> None:
	for server in (stack.mariadb, stack.redis):
		if not (server.running and server.answers()):
			server.start()


def _bring_up_to_date(stack: Stack) -> None:
	"""Sync doctypes, fixtures and seed when the app's files changed since the last run."""
	_start_unless_answering(stack)
	mark = stack.scratch / "fingerprint"
	current = fingerprint()
	if mark.read_text() == current:
		return
	say("the app changed: syncing the kept site (make stack-reset for a fresh install)")
	assets.lay(stack)
	for site in stack.sites_with_app():
		command = [str(stack.python), str(SYNC), site]
		run(command, env=stack.env, cwd=stack.sites, what=f"syncing {site} (try make stack-reset)")
	mark.write_text(current)
