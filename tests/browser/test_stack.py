"""The browser tests' own ground: signing in, both languages, realtime."""

from __future__ import annotations

from collections.abc import Callable

import frappe
import pytest

from tests.stack.browser import Visitor


@pytest.mark.parametrize(("language", "word"), [("en", "Save"), ("zh", "保存")])
def test_desk_opens_in_the_users_language(visit: Callable[..., Visitor], language: str, word: str) -> None:
	page = visit("System Manager", language=language).open("/app/todo/new")
	page.get_by_role("button", name=word, exact=True).wait_for()


def test_realtime_reaches_the_page(visit: Callable[..., Visitor]) -> None:
	visitor = visit("System Manager")
	page = visitor.open("/app/user")
	page.wait_for_function("() => frappe.realtime.socket && frappe.realtime.socket.connected")
	page.evaluate("() => { frappe.realtime.on('stack_hello', (data) => { window.heard = data.word; }); }")
	frappe.publish_realtime("stack_hello", {"word": "hello"})
	page.wait_for_function("() => window.heard === 'hello'")
