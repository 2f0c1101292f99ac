"""A real browser on a real site; see tests/stack/README.md for the fixtures."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.phones import phone
from tests.stack.browser import PATIENCE_MS, chromium, pytest_runtest_makereport, visit
from tests.stack.connection import Site
from tests.stack.fixtures import *  # noqa: F403

# A loaded machine is slow, not wrong.
expect.set_options(timeout=PATIENCE_MS)

__all__ = ["chromium", "phone", "pytest_runtest_makereport", "visit"]


@pytest.fixture(autouse=True)
def _connected(site: Site) -> None:
	"""No test of this folder can forget to ask for its site."""
