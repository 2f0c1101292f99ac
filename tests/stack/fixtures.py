"""Fixtures for every test that needs a site. Imported by the conftest of tests/site, browser and faults."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from tests.stack.connection import Site
from tests.stack.scratch import STACK_VARIABLE
from tests.stack.stack import Stack


def stack_path() -> Path | None:
	"""Where the launcher laid the stack for this pytest run; None outside of it."""
	path = os.environ.get(STACK_VARIABLE)
	return Path(path) if path else None


@pytest.fixture(scope="session")
def stack() -> Stack:
	"""The private servers and the bench overlay, started on first use. The launcher ends them."""
	path = stack_path()
	assert path is not None, "run the tests through make: they need the stack's own Python"
	opened = Stack(path)
	opened.start()
	return opened


@pytest.fixture(scope="session")
def open_site(stack: Stack) -> Callable[[str], Site]:
	"""``open_site("erpnext")``: that variant's site with our app, installed on first use."""
	opened: dict[str, Site] = {}

	def get(variant: str) -> Site:
		if variant not in opened:
			opened[variant] = Site.open_first(stack, stack.installed_on(variant))
		return opened[variant]

	return get


@pytest.fixture
def site(request: pytest.FixtureRequest, stack: Stack, open_site: Callable[[str], Site]) -> Iterator[Site]:
	"""The connected site of this test: rolled back afterwards, or put back if it is marked ``commits``.

	``@pytest.mark.site("plain")`` chooses the variant; without it, it is the fullest that the bench can make.
	"""
	marker = request.node.get_closest_marker("site")
	chosen = open_site(marker.args[0] if marker else stack.bench.variants[-1])
	commits = request.node.get_closest_marker("commits") is not None
	with chosen.committed() if commits else chosen.rolled_back():
		yield chosen


@pytest.fixture
def as_user(site: Site) -> Callable[..., AbstractContextManager[str]]:
	"""``with as_user("Follow-up Specialist") as user:`` acts as a fresh user with exactly these roles."""
	import frappe

	@contextmanager
	def act(*roles: str, email: str | None = None, language: str = "en") -> Iterator[str]:
		name = make_user(*roles, email=email, language=language)
		before = frappe.session.user
		frappe.set_user(name)
		try:
			yield name
		finally:
			frappe.set_user(before)

	return act


def make_user(
	*roles: str, email: str | None = None, language: str = "en", password: str | None = None
) -> str:
	"""Insert a desk user with these roles and return its name; an existing one is returned as it is."""
	import frappe

	email = email or f"{frappe.generate_hash(length=8)}@renhe.test"
	if not frappe.db.exists("User", email):
		user = frappe.new_doc("User")
		user.update({"email": email, "first_name": email.split("@")[0], "language": language})
		user.update({"send_welcome_email": 0, "user_type": "System User", "new_password": password})
		user.append_roles(*roles)
		user.insert()
	return email
