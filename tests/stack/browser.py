"""A real Chromium for the browser tests, pointed at the stack's web server only."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.stack.connection import Site
from tests.stack.scratch import CHECKOUT
from tests.stack.services import Web
from tests.stack.users import PASSWORD, make_user

SCREENSHOTS = CHECKOUT / ".scratch" / "screenshots"
# Nothing of Chromium's own may reach for the network.
ARGUMENTS = (
	"--no-sandbox",
	"--disable-gpu",
	"--disable-quic",
	"--no-first-run",
	"--disable-background-networking",
	"--disable-component-update",
	"--disable-sync",
	"--disable-dev-shm-usage",
)
LOCALES = {"en": "en-US", "zh": "zh-CN"}
# Frappe's desk on a slow machine: the first page loads and parses several megabytes of scripts.
PATIENCE_MS = 60_000


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
	"""The machine's Chromium (Debian's package) or, without one, the one that playwright installed."""
	found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
	with sync_playwright() as playwright:
		browser = playwright.chromium.launch(executable_path=found, headless=True, args=list(ARGUMENTS))
		yield browser
		browser.close()


class Visitor:
	"""One person at one browser: pages in their language, signed in once."""

	def __init__(self, chromium: Browser, web: Web, language: str) -> None:
		self.context: BrowserContext = chromium.new_context(
			base_url=web.url,
			locale=LOCALES[language],
			timezone_id="Asia/Shanghai",
			viewport={"width": 1366, "height": 900},
			# A dialog that is still moving takes the cursor to its first field when it has arrived.
			reduced_motion="reduce",
		)
		self.context.set_default_timeout(PATIENCE_MS)
		self.errors: list[str] = []
		self.page: Page = self.context.new_page()
		self.page.on("pageerror", lambda error: self.errors.append(str(error)))

	def sign_in(self, user: str, password: str = PASSWORD) -> None:
		answer = self.context.request.post("/api/method/login", form={"usr": user, "pwd": password})
		assert answer.ok, answer.text()

	def open(self, path: str) -> Page:
		"""Go to a desk address and wait until the desk stands still."""
		self.page.goto(path)
		self.page.wait_for_function("() => window.frappe && frappe.boot && !frappe.ajax_count")
		return self.page

	def screenshot(self, name: str) -> Path:
		SCREENSHOTS.mkdir(parents=True, exist_ok=True)
		path = SCREENSHOTS / (re.sub(r"[^\w-]+", "-", name) + ".png")
		self.page.screenshot(path=path, full_page=True)
		return path


@pytest.fixture
def visit(
	request: pytest.FixtureRequest, site: Site, web: Web, chromium: Browser
) -> Iterator[Callable[..., Visitor]]:
	"""``visit("Follow-up Specialist", language="zh")``: a signed-in visitor with these roles.

	A script error on any of the visitor's pages fails the test; a failed test leaves a screenshot.
	"""
	import frappe

	visitors: list[Visitor] = []

	def arrive(*roles: str, user: str | None = None, language: str = "en") -> Visitor:
		visitor = Visitor(chromium, web, language)
		visitors.append(visitor)
		if roles or user:
			name = make_user(*roles, email=user, language=language, password=PASSWORD)
			frappe.db.commit()  # reason: the web server must see the user
			visitor.sign_in(name)
		return visitor

	yield arrive
	failed = getattr(request.node, "failed_call", False)
	errors = [error for visitor in visitors for error in visitor.errors]
	for number, visitor in enumerate(visitors):
		if failed:
			visitor.screenshot(f"failed-{request.node.name}-{number}")
		visitor.context.close()
	assert not errors, f"script errors on the pages: {errors}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[Any]:
	report = yield
	if report.when == "call":
		item.failed_call = report.failed  # type: ignore[attr-defined]
	return report
