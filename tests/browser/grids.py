"""Rows of tables, opened as a form."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect


def open_row(page: Page) -> Locator:
	"""The row that is open, ready to be typed in.

	Frappe puts the cursor into its first field half a second after it opened: what is typed in that moment lands there.
	"""
	row = page.locator(".grid-row-open")
	expect(row.locator(".form-area input").first).to_be_focused()
	return row
