"""Kills and outages: real processes on a real site. See tests/stack/README.md for the fixtures."""

from __future__ import annotations

import pytest

from tests.stack.connection import Site
from tests.stack.fixtures import *  # noqa: F403


@pytest.fixture(autouse=True)
def _connected(site: Site) -> None:
	"""No test of this folder can forget to ask for its site."""
