"""Which tests can run here, in which order, and a plain word about those that did not."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.stack.scratch import NO_SITE_VARIABLE, STACK_VARIABLE, STACKS_VARIABLE
from tests.stack.stack import Stack

HERE = Path(__file__).parent
# The quick ones first: a mistake in the engine shows before a site is made.
ORDER = ("engine", "contract", "providers", "site", "browser", "faults")
NEED_A_SITE = ("site", "browser", "faults")
LEFT_OUT = pytest.StashKey[int]()
# A test that asks for one of these shares its data with another process, so it has to commit.
OTHER_PROCESSES = frozenset({"web", "rest", "worker", "scheduler", "visit"})

# A busy machine is no defect of the code: no test has a time limit. The same change is judged the same way twice; who
# searches with ENGINE_EXAMPLES searches elsewhere each time.
settings.register_profile(
	"followup",
	deadline=None,
	derandomize="ENGINE_EXAMPLES" not in os.environ,
	suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("followup")


def pytest_configure(config: pytest.Config) -> None:
	"""Each process of a run that is spread over several has a stack of its own."""
	worker = getattr(config, "workerinput", None)
	stacks = os.environ.get(STACKS_VARIABLE, "").split(os.pathsep)
	if worker and len(stacks) > 1:
		own = stacks[int(worker["workerid"].removeprefix("gw"))]
		os.environ.update({**Stack(Path(own)).env, STACK_VARIABLE: own})


def pytest_ignore_collect(collection_path: Path) -> bool | None:
	"""Without a stack there is no Frappe to import: those folders are left out, and the summary says so."""
	if not os.environ.get(STACK_VARIABLE) and collection_path in [HERE / name for name in NEED_A_SITE]:
		return True
	return None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
	_leave_out_what_the_bench_cannot_make(config, items)
	for item in items:
		shares = OTHER_PROCESSES.intersection(getattr(item, "fixturenames", ()))
		if shares or _folder(item) == "faults":
			item.add_marker("commits")
	items.sort(key=lambda item: ORDER.index(_folder(item)) if _folder(item) in ORDER else len(ORDER))


def _leave_out_what_the_bench_cannot_make(config: pytest.Config, items: list[pytest.Item]) -> None:
	"""A bench without ERPNext or Frappe Health has no such site: those tests are counted as deselected."""
	path = os.environ.get(STACK_VARIABLE)
	if not path:
		return
	variants = Stack(Path(path)).bench.variants
	wanted = {item: item.get_closest_marker("site") for item in items}
	left_out = [item for item, marker in wanted.items() if marker and marker.args[0] not in variants]
	if left_out:
		config.hook.pytest_deselected(items=left_out)
		config.stash[LEFT_OUT] = len(left_out)
		items[:] = [item for item in items if item not in left_out]


def _folder(item: pytest.Item) -> str:
	return item.path.relative_to(HERE).parts[0] if item.path.is_relative_to(HERE) else ""


def pytest_sessionfinish(session: pytest.Session) -> None:
	"""A process of a spread-out run tells the one that prints the summary what it left out."""
	output = getattr(session.config, "workeroutput", None)
	if output is not None:
		output["left_out"] = session.config.stash.get(LEFT_OUT, 0)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
	node.config.stash[LEFT_OUT] = getattr(node, "workeroutput", {}).get("left_out", 0)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
	not_run = []
	if reason := os.environ.get(NO_SITE_VARIABLE):
		not_run.append(f"The site, browser and fault tests did not run: {reason}.")
	if number := config.stash.get(LEFT_OUT, 0):
		not_run.append(f"{number} tests did not run: they need ERPNext or Frappe Health in the bench.")
	if not_run:
		terminalreporter.section("NOT RUN", sep="!", red=True, bold=True)
		for line in not_run:
			terminalreporter.line(line)
