"""The link to a patient's own page: unguessable, the same each time it is printed or sent, stored only as its hash.

The token is derived from the page's name with the site's own secret (RFC 2104), so nothing that could open the page lies
in our records or in a message's stored text; in Frappe's own mails and notices only while they need it (`link_traces`). It stands behind the # of the address, which browsers never send to a
server: no web server writes it into its log, and no other site learns it as a referrer.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re

import frappe
from frappe import _
from frappe.utils.password import get_encryption_key

from hospital_followup.exceptions import InvalidValueError

PATH = "follow-up"
#: 192 bits in the alphabet of RFC 4648, section 5.
TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")


def token_of(page: str) -> str:
	"""The token of the Follow-up Survey `page`."""
	mark = hmac.new(get_encryption_key().encode(), f"follow-up page|{page}".encode(), hashlib.sha256)
	return base64.urlsafe_b64encode(mark.digest()[:24]).decode()


def hash_of(token: str) -> str:
	"""What is stored of a token: its SHA-256."""
	return hashlib.sha256(token.encode()).hexdigest()


def well_formed(token: object) -> bool:
	"""Whether `token` could be one of ours at all; saves the look-up of what cannot."""
	return isinstance(token, str) and bool(TOKEN.fullmatch(token))


def link_of(page: str) -> str:
	"""The address of the page, at the base address of the settings: a request's own host is never trusted.

	Raises InvalidValueError when the settings have no base address.
	"""
	base = (frappe.get_cached_doc("Follow-up Settings").base_url or "").rstrip("/")
	if not base:
		frappe.throw(
			_("Patients cannot be sent a link yet. Enter the address of this site under {0} in {1}.").format(
				frappe.bold(_(frappe.get_meta("Follow-up Settings").get_label("base_url"))),
				frappe.bold(_("Follow-up Settings")),
			),
			InvalidValueError,
			title=_("Address Missing"),
		)
	return f"{base}/{PATH}#{token_of(page)}"
