"""A real browser on a real site; see tests/stack/README.md for the fixtures."""

from __future__ import annotations

import pytest

from tests.stack.browser import chromium, pytest_runtest_makereport, visit
from tests.stack.connection import Site
from tests.stack.fixtures import *  # noqa: F403

__all__ = ["chromium", "pytest_runtest_makereport", "visit"]


@pytest.fixture(autouse=True)
def _connected(site: Site) -> None:
	"""No test of this folder can forget to ask for its site."""
