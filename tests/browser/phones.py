"""The patient's own page on a telephone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

__all__ = ["phone"]


@pytest.fixture
def phone(chromium: Browser, web: Any) -> Iterator[Callable[..., Page]]:
	"""Opens a token on a small telephone; script errors fail the test."""
	from hospital_followup.services import page_links  # Frappe is there once the site is

	contexts, errors = [], []

	def open_it(token: str, language: str = "en") -> Page:
		context = chromium.new_context(
			base_url=web.url,
			locale="zh-CN" if language == "zh" else "en-GB",
			viewport={"width": 360, "height": 740},
			has_touch=True,
			is_mobile=True,
		)
		contexts.append(context)
		opened = context.new_page()
		opened.on("pageerror", lambda error: errors.append(str(error)))
		opened.goto(f"/{page_links.PATH}#{token}")
		return opened

	yield open_it
	for context in contexts:
		context.close()
	assert errors == []
