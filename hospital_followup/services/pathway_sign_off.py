"""A doctor answers for what a pathway says, an administrator puts it in use (rules.md, "Who may do what").

Doctors do not write pathways, so signing off is a step of its own. It is given for the content as it stands: whoever
changes the draft afterwards takes the signature off again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe import _
from frappe.utils import get_datetime, today

from hospital_followup.engine.names import DOCTOR
from hospital_followup.exceptions import InvalidValueError
from hospital_followup.services.sign_off import require_sign_off

if TYPE_CHECKING:
	from hospital_followup.hospital_followup.doctype.care_pathway.care_pathway import CarePathway

SIGNATURE = frozenset({"sign_off", "signed_off_on", "sign_off_note"})


def sign_off(doc: CarePathway, seen: str, note: str | None = None) -> None:
	"""Sign as the doctor who is signed in; `seen` is when the content that they read was last changed."""
	frappe.only_for(DOCTOR)
	if get_datetime(seen) != get_datetime(doc.modified):
		frappe.throw(
			_(
				"{0} has been changed since you opened it. Load it again, read it through, and sign it then."
			).format(frappe.bold(doc.name)),
			frappe.TimestampMismatchError,
			title=_("Changed in the Meantime"),
		)
	doc.update(
		{
			"sign_off": frappe.session.user,
			"signed_off_on": today(),
			"sign_off_note": (note or "").strip() or None,
		}
	)
	doc.save(ignore_permissions=True)  # reason: doctors sign off what only administrators may change


def keep_signature_true(doc: CarePathway) -> None:
	"""Nobody signs for somebody else, and no signature outlives the words it was given for."""
	before = doc.get_doc_before_save()
	signed_now = doc.sign_off and (not before or before.sign_off != doc.sign_off)
	if signed_now and doc.sign_off != frappe.session.user:
		frappe.throw(
			_(
				"Only {0} can sign off in that name. Ask the doctor to open the pathway and choose Sign Off."
			).format(frappe.bold(doc.sign_off)),
			InvalidValueError,
			title=_("Another Person's Signature"),
		)
	if not doc.sign_off:
		if before and before.sign_off and before.status == doc.status == "Approved":
			frappe.throw(
				_("{0} is in use and stays signed off. Another doctor may sign it in place of {1}.").format(
					frappe.bold(doc.name), frappe.bold(before.sign_off)
				),
				InvalidValueError,
				title=_("Sign-off Missing"),
			)
		doc.signed_off_on = doc.sign_off_note = None
	elif signed_now:
		doc.signed_off_on = doc.signed_off_on or today()
	elif doc.changed_fields(before):
		frappe.msgprint(
			_(
				"The content has changed, so the sign-off by {0} no longer holds. It has to be signed off again."
			).format(frappe.bold(frappe.utils.get_fullname(doc.sign_off))),
			title=_("To Be Signed Off Again"),
			indicator="orange",
		)
		doc.sign_off = doc.signed_off_on = doc.sign_off_note = None


def require_signature(doc: CarePathway) -> None:
	"""Nothing comes into use unsigned; a doctor who may write pathways signs by approving."""
	approved_now = doc.status == "Approved" and doc.has_value_changed("status")
	if approved_now and not doc.sign_off and DOCTOR not in frappe.get_roles():
		frappe.throw(
			_(
				"{0} cannot be approved before a doctor has signed it off. Ask a doctor to open it and choose Sign Off."
			).format(frappe.bold(doc.name or doc.title)),
			InvalidValueError,
			title=_("Sign-off Missing"),
		)
	require_sign_off(doc)
	if doc.sign_off:
		doc.signed_off_on = doc.signed_off_on or today()
