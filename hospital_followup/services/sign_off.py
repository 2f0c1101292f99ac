"""The doctor who answers for what is asked and advised: nothing is approved without one."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

from hospital_followup.engine.names import DOCTOR
from hospital_followup.exceptions import InvalidValueError


def require_sign_off(doc: Document) -> None:
	"""At its approval a document names a doctor in `sign_off`; a doctor who approves signs it off thereby."""
	if doc.status != "Approved" or not doc.has_value_changed("status"):
		return
	if not doc.sign_off and _is_doctor(frappe.session.user):
		doc.sign_off = frappe.session.user
	field = frappe.bold(_(doc.meta.get_label("sign_off")))
	if not doc.sign_off:
		frappe.throw(
			_("{0} cannot be approved before a doctor has signed it off. Fill in {1}.").format(
				frappe.bold(doc.title), field
			),
			InvalidValueError,
			title=_("Sign-off Missing"),
		)
	if not _is_doctor(doc.sign_off):
		frappe.throw(
			_(
				"{0} in the field {1} does not have the role {2}. Choose a doctor who answers for the content."
			).format(frappe.bold(doc.sign_off), field, _(DOCTOR)),
			InvalidValueError,
			title=_("Sign-off Missing"),
		)


def keep_signed_text(doc: Document, *fields: str) -> None:
	"""The words that a doctor approved are changed by a doctor only, who thereby signs them off."""
	before = doc.get_doc_before_save()
	if not before or before.status != "Approved" or doc.status != "Approved":
		return
	if not any(doc.has_value_changed(field) for field in fields):
		return
	if not _is_doctor(frappe.session.user):
		frappe.throw(
			_(
				"{0} is in use, and only a doctor may change its words. Choose Menu > Duplicate, change the copy and "
				"have a doctor approve it."
			).format(frappe.bold(doc.title)),
			InvalidValueError,
			title=_("Signed-off Text"),
		)
	doc.sign_off = frappe.session.user


def _is_doctor(user: str) -> bool:
	return DOCTOR in frappe.get_roles(user)
