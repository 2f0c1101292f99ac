"""Fixtures for every test that needs a site. Imported by the conftest of tests/site, browser and faults."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from tests.stack.connection import Site
from tests.stack.fresh_site import FreshSite
from tests.stack.rest import Rest, api_token
from tests.stack.scratch import STACK_VARIABLE
from tests.stack.services import Realtime, Scheduler, Web, Worker
from tests.stack.stack import Stack
from tests.stack.users import make_user


@pytest.fixture(scope="session")
def stack() -> Stack:
	"""The private servers and the bench overlay, started on first use. The launcher ends them."""
	path = os.environ.get(STACK_VARIABLE)
	assert path, "run the tests through make: they need the stack's own Python"
	opened = Stack(Path(path))
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
def fresh_site(stack: Stack) -> Iterator[Callable[[str], FreshSite]]:
	"""``fresh_site("plain")``: a new site of this kind *without* our app, deleted afterwards."""
	made: list[FreshSite] = []

	def make(variant: str) -> FreshSite:
		made.append(FreshSite(stack, variant))
		made[-1].create()
		return made[-1]

	yield make
	for each in made:
		each.drop()


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


@pytest.fixture(scope="session")
def _servers(stack: Stack) -> Iterator[Callable[[str], Web]]:
	"""One web server and realtime server per site, kept for the whole run."""
	running: dict[str, tuple[Web, Realtime]] = {}

	def get(site: str) -> Web:
		if site not in running:
			web, realtime = Web(stack, site), Realtime(stack, site)
			if realtime.possible:
				realtime.start()
			web.start()
			running[site] = web, realtime
		return running[site][0]

	yield get
	for web, realtime in running.values():
		web.stop()
		realtime.stop()


@pytest.fixture
def web(site: Site, _servers: Callable[[str], Web]) -> Web:
	"""The site's live web server; ``web.url`` is its address. Implies ``commits``."""
	import frappe

	frappe.db.commit()  # reason: what the fixtures before this one inserted must be visible to the server
	return _servers(site.name)


@pytest.fixture
def rest(web: Web) -> Callable[..., Rest]:
	"""``rest("Follow-up Specialist")`` is a REST client of a new user with these roles; ``rest()`` is Guest."""
	import frappe

	def client(*roles: str, user: str | None = None) -> Rest:
		if not roles and not user:
			return Rest(web.url)
		token = api_token(user or make_user(*roles))
		frappe.db.commit()  # reason: the web server must see the user
		return Rest(web.url, token)

	return client


@pytest.fixture
def worker(site: Site, stack: Stack) -> Iterator[Worker]:
	"""A background worker, not started: ``run_until_empty()``, or ``start()`` and ``kill()``."""
	made = Worker(stack, site.name)
	yield made
	made.kill()


@pytest.fixture
def scheduler(site: Site, stack: Stack) -> Scheduler:
	"""``scheduler.tick()`` enqueues the jobs that are due; a worker runs them."""
	return Scheduler(stack, site.name)


__all__ = [
	"_servers",
	"as_user",
	"fresh_site",
	"open_site",
	"rest",
	"scheduler",
	"site",
	"stack",
	"web",
	"worker",
]
