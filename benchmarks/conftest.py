"""Benchmarks run on a real site of the private stack: make bench (see tests/stack/README.md)."""

from tests.stack.fixtures import _servers, as_user, open_site, rest, site, stack, web

__all__ = ["_servers", "as_user", "open_site", "rest", "site", "stack", "web"]
