"""Doing something as somebody else: what is made for a person later must hold no more than that person may see."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import frappe


@contextmanager
def acting_as(user: str) -> Iterator[None]:
	"""Permissions and language of `user`, as in a request of that person."""
	if user == frappe.session.user:
		yield
		return
	before, language, form = dict(frappe.session), frappe.local.lang, frappe.local.form_dict
	frappe.set_user(user)
	frappe.set_user_lang(user)
	try:
		yield
	finally:
		frappe.set_user(before["user"])
		frappe.session.update(before)
		frappe.local.lang, frappe.local.form_dict = language, form
