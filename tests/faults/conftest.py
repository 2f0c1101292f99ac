"""Kills and outages: real processes on a real site, every test commits. See tests/stack/README.md."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.stack.connection import Site
from tests.stack.fixtures import *  # noqa: F403
from tests.stack.stack import Stack


@pytest.fixture(autouse=True)
def _servers_back(site: Site, stack: Stack) -> Iterator[None]:
	"""Whatever a test did to the servers, the next one finds them running."""
	yield
	for server in (stack.mariadb, stack.redis):
		if not server.running:
			server.start()
