"""One run of the tests: a fresh stack when there is a bench, a plain environment when there is none."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType

from tests.stack.bench import Bench, find_bench, make_bench, official_repositories_answer
from tests.stack.packages import provide
from tests.stack.plain import plain_python
from tests.stack.processes import die_with_parent
from tests.stack.scratch import (
	CHECKOUT,
	NO_SITE_VARIABLE,
	STACK_VARIABLE,
	STACKS_VARIABLE,
	make_scratch,
	remove_scratch,
	say,
	sweep,
)
from tests.stack.stack import Stack

NOT_FOUND = """\
No Frappe bench was found (~/frappe-bench, ./frappe-bench), and the official repositories do not answer, so
none could be made."""
WITHOUT = """\
The site, browser and fault tests will not run. To get a bench:
    pip install frappe-bench && bench init --frappe-branch version-15 ~/frappe-bench
    cd ~/frappe-bench && bench get-app --branch version-15 erpnext
    bench get-app --branch version-15 https://github.com/earthians/marley
or name one that exists: FRAPPE_BENCH=/path/to/bench make test"""


class Stopped(SystemExit):
	pass


def test(arguments: Sequence[str]) -> int:
	"""`make test`."""
	sweep()
	bench = a_bench()
	if bench is None:
		return _without_bench(arguments)
	provide()
	say(f"using the bench {bench.path} ({', '.join(f'{a} {v}' for a, v in bench.versions.items())})")
	with ExitStack() as all_gone:
		stacks = [all_gone.enter_context(disposable(bench)) for _ in range(_processes(arguments))]
		first, paths = stacks[0], [str(stack.scratch) for stack in stacks]
		env = {**first.env, STACK_VARIABLE: paths[0], STACKS_VARIABLE: os.pathsep.join(paths)}
		if len(stacks) > 1:
			# Every process has to find the same tests in the same order, whatever their ids were made from.
			env["PYTHONHASHSEED"] = str(secrets.randbelow(2**32))
			say(f"{len(stacks)} processes, a stack for each; PYTHONHASHSEED={env['PYTHONHASHSEED']}")
			arguments = ["-n", str(len(stacks)), "--dist", "loadfile", "--no-loadscope-reorder", *arguments]
		return pytest_in(first.python, env, arguments)


def _processes(arguments: Sequence[str]) -> int:
	"""One, unless TEST_PROCESSES asks for more: two browsers on two cores keep each other waiting.

	One, too, for whoever wants to see the output or the debugger.
	"""
	watching = any(argument in ("-s", "--pdb", "--trace") for argument in arguments)
	return 1 if watching else max(1, int(os.environ.get("TEST_PROCESSES") or 1))


def quick(arguments: Sequence[str]) -> int:
	"""`make quick`."""
	folders = [
		name
		for name in ("tests/engine", "tests/contract", "tests/providers")
		if any((CHECKOUT / name).glob("**/test_*.py"))
	]
	if not folders:
		say("there are no engine or contract tests yet")
		return 0
	return pytest_in(plain_python(), os.environ, ["-q", *(arguments or folders)])


def a_bench() -> Bench | None:
	"""The bench that is there, else one made the ordinary way, else None."""
	bench = find_bench()
	if bench is None and not os.environ.get("FRAPPE_BENCH") and official_repositories_answer():
		bench = make_bench()
	return bench


def _without_bench(arguments: Sequence[str]) -> int:
	named = os.environ.get("FRAPPE_BENCH")
	say(f"FRAPPE_BENCH={named} is no Frappe bench. {WITHOUT}" if named else f"{NOT_FOUND} {WITHOUT}")
	env = {**os.environ, NO_SITE_VARIABLE: "no Frappe bench was found"}
	code = pytest_in(plain_python(), env, arguments)
	if os.environ.get("REQUIRE_SITE") == "1":
		say("REQUIRE_SITE=1: failing, because the site, browser and fault tests did not run")
		return code or 1
	return code


@contextmanager
def disposable(bench: Bench, scratch: Path | None = None) -> Iterator[Stack]:
	"""A stack that is gone when the block ends, also when this process is told to stop."""
	for number in (signal.SIGTERM, signal.SIGHUP):
		signal.signal(number, _stop)
	scratch = make_scratch(scratch)
	try:
		yield Stack.lay(bench, scratch)
	finally:
		remove_scratch(scratch)


def _stop(number: int, _frame: FrameType | None) -> None:
	raise Stopped(128 + number)


def pytest_in(python: Path, env: Mapping[str, str], arguments: Sequence[str]) -> int:
	"""Run pytest in a child that cannot outlive us, and pass its exit status on."""
	command = [str(python), "-m", "pytest", *arguments]
	child = subprocess.Popen(command, cwd=CHECKOUT, env=dict(env), preexec_fn=die_with_parent)
	try:
		code = child.wait()
	except KeyboardInterrupt:
		code = child.wait(timeout=60)
	finally:
		if child.poll() is None:
			child.terminate()
			child.wait(timeout=60)
	if code < 0:
		say(f"pytest was ended by {signal.Signals(-code).name}")
	return code if code >= 0 else 128 - code
