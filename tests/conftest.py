"""Which tests can run here, in which order, and a plain word about those that did not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.stack.scratch import NO_SITE_VARIABLE, STACK_VARIABLE

HERE = Path(__file__).parent
# The quick ones first: a mistake in the engine shows before a site is made.
ORDER = ("engine", "contract", "site", "browser", "faults")
NEED_A_SITE = ("site", "browser", "faults")
# A test that asks for one of these shares its data with another process, so it has to commit.
OTHER_PROCESSES = frozenset({"web", "rest", "worker", "scheduler", "visit"})


def pytest_ignore_collect(collection_path: Path) -> bool | None:
	"""Without a stack there is no Frappe to import: those folders are left out, and the summary says so."""
	if not os.environ.get(STACK_VARIABLE) and collection_path in [HERE / name for name in NEED_A_SITE]:
		return True
	return None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
	for item in items:
		shares = OTHER_PROCESSES.intersection(getattr(item, "fixturenames", ()))
		if shares or _folder(item) == "faults":
			item.add_marker("commits")
	items.sort(key=lambda item: ORDER.index(_folder(item)) if _folder(item) in ORDER else len(ORDER))


def _folder(item: pytest.Item) -> str:
	return item.path.relative_to(HERE).parts[0] if item.path.is_relative_to(HERE) else ""


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
	reason = os.environ.get(NO_SITE_VARIABLE)
	if reason:
		terminalreporter.section("NOT RUN", sep="!", red=True, bold=True)
		terminalreporter.line(f"The site, browser and fault tests did not run: {reason}.")
