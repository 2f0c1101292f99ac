"""Requests without a sign-in, of patients and of message services: their answers carry no traceback, error rows no contents.

Frappe's error log stores local variables, and some errors happen before the app is asked: a body that calls itself JSON and
is none fails while Frappe reads it. The address is among those variables, and with it the key of a callback.
"""

from __future__ import annotations

import re
from typing import Any

import frappe

#: What can be called without signing in.
METHODS = ("hospital_followup.page_api.", "hospital_followup.callback_api.")
_KIND = re.compile(r"[A-Za-z_][\w.]*")


def hide_traceback() -> None:
	"""Before a request: whatever the site shows its own staff, strangers see no traceback.

	A method is named by the path or, on any path, by `cmd`.
	"""
	called = f"{frappe.request.path} {frappe.local.form_dict.get('cmd')}"
	if any(method in called for method in METHODS):
		frappe.local.flags.disable_traceback = True
		# Frappe passes the fields on as arguments of its own `call(fn, …)`, which a field of that name would break.
		frappe.local.form_dict.pop("fn", None)


def forget_contents() -> None:
	"""First of all in such a method: on an error Frappe writes the fields of the request into its log, so only `cmd` stays."""
	frappe.local.form_dict = frappe._dict(cmd=frappe.local.form_dict.get("cmd"))


def keep_kind_only(doc: Any, _method: str | None = None) -> None:
	"""Before an Error Log is inserted: reduce one about such a request to the class of the error and the method."""
	text = f"{doc.error or ''}\n{doc.method or ''}"
	method = next((name for name in METHODS if name in text), None)
	if method is None:
		return
	kind = _KIND.match((doc.error or "").strip().rpartition("\n")[2])
	doc.method = kind.group() if kind else "Error"
	doc.error = f"{doc.method} ({method.rstrip('.')})"
