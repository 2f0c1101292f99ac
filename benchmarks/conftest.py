"""Benchmarks run on a real site of the private stack: make bench (see tests/stack/README.md)."""

from tests.stack.fixtures import as_user, open_site, site, stack

__all__ = ["as_user", "open_site", "site", "stack"]
