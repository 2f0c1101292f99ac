"""What the adapters of every app share: how other apps' plain values are read."""

from __future__ import annotations

from datetime import date
from typing import Any

import frappe
from frappe.contacts.doctype.address.address import get_default_address
from frappe.model.document import Document
from frappe.utils import getdate

#: Gender is a free list in Frappe; these are its own names and the ones Chinese sites add.
SEXES = {"male": "Male", "m": "Male", "男": "Male", "female": "Female", "f": "Female", "女": "Female"}
ADDRESS_LINES = ("address_line1", "address_line2", "city", "state", "pincode")


def exists(doctype: str) -> bool:
	"""Whether `doctype` is installed on this site."""
	return bool(frappe.db.exists("DocType", doctype))


def sex_of(gender: str | None) -> str | None:
	"""Male, Female or Other for a Gender of the site; None when it is empty."""
	return SEXES.get(gender.strip().lower(), "Other") if gender and gender.strip() else None


def day_of(value: Any) -> date | None:
	"""The day of a date, datetime or their text; None when it is empty (Frappe's `getdate` would answer today)."""
	return getdate(value) if value else None


def address_of(doctype: str, name: str) -> str | None:
	"""The default address of a document on one line; None without one."""
	address = get_default_address(doctype, name)
	if not address:
		return None
	values = frappe.db.get_value("Address", address, ADDRESS_LINES, as_dict=True)
	return ", ".join(values[line].strip() for line in ADDRESS_LINES if values[line]) or None


def require(doctype: str, name: str, fields: tuple[str, ...]) -> frappe._dict:
	"""Fields of a document of another app. Raises frappe.DoesNotExistError when it is not there."""
	row = frappe.db.get_value(doctype, name, fields, as_dict=True)
	if row is None:
		raise frappe.DoesNotExistError(f"{doctype} {name}")
	return row


def readable(doctype: str, name: str | None) -> Document | None:
	"""A document of another app without the fields that the session's user may not read.

	None when it is not there, or when that app's permissions (roles, User Permissions, hooks) refuse it altogether.
	"""
	if not name or not frappe.has_permission(doctype, "read") or not frappe.db.exists(doctype, name):
		return None
	doc = frappe.get_doc(doctype, name)
	if not doc.has_permission("read"):
		return None
	doc.apply_fieldlevel_read_permissions()
	return doc
