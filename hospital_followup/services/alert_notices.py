"""Telling people of an alert: an entry in their inbox, a wake-up for an open desk, an e-mail. None names the patient.

Each occasion is told once to each person, whatever runs twice: the entry's name is made of alert, occasion and person.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

import frappe
from frappe import _
from frappe.utils import escape_html, format_datetime, get_url_to_form

from hospital_followup.services import reminders

ALERT = "Follow-up Alert"
EVENT = "followup_alert"
RAISED, WORSENED, ESCALATED, HANDED_OVER, NOT_TOLD = (
	"raised",
	"worsened",
	"escalated",
	"handed_over",
	"not_told",
)


def tell(users: Iterable[str], alert: frappe._dict, occasion: str, *, once: str = "") -> list[str]:
	"""Tell each of `users` about `alert`; returns those who were told now. `once` tells repeated occasions apart."""
	return [user for user in users if _tell(user, alert, occasion, once)]


def _tell(user: str, alert: frappe._dict, occasion: str, once: str) -> bool:
	language = reminders.language_of(user)
	subject = _subject(alert, occasion, language)
	key = f"alert|{alert.name}|{occasion}|{once}|{user}"
	path = urlsplit(get_url_to_form(ALERT, alert.name)).path
	told = reminders.tell(user, subject, link=path, document_type=ALERT, document_name=alert.name, once=key)
	if not told and frappe.db.exists("Notification Log", reminders.entry_name(key)):
		return False
	frappe.publish_realtime(
		EVENT,
		{"alert": alert.name, "severity": alert.severity, "occasion": occasion, "subject": subject},
		user=user,
		after_commit=True,
	)
	_mail(user, alert, subject, path, language)
	return True


def _subject(alert: frappe._dict, occasion: str, language: str) -> str:
	sentence = {
		RAISED: _("{0}, {1}: please respond by {2}.", language),
		WORSENED: _("{0}, {1}: it has become worse. Please respond by {2}.", language),
		ESCALATED: _("{0}, {1}: nobody has responded by {2}. Please see to it.", language),
		HANDED_OVER: _("{0}, {1}: it is yours now. Please respond by {2}.", language),
		NOT_TOLD: _("{0}, {1}: the patient could not be told your answer.", language),
	}[occasion]
	severity = {"Red": _("Red alert", language), "Amber": _("Amber alert", language)}[alert.severity]
	place = alert.department or _("Without department", language)
	return sentence.format(severity, place, format_datetime(alert.respond_by, "yyyy-MM-dd HH:mm"))


def _mail(user: str, alert: frappe._dict, subject: str, path: str, language: str) -> None:
	"""Queue an e-mail that leaves with the commit. It carries no patient data; without a mail account nothing is sent."""
	if not frappe.get_cached_doc("Follow-up Settings").alert_emails:
		return
	address, enabled = frappe.db.get_value("User", user, ["email", "enabled"]) or (None, 0)
	if not address or not enabled:
		return
	link = f'<a href="{escape_html(_base_url() + path)}">{escape_html(_("Open the alert", language))}</a>'
	frappe.db.savepoint("followup_mail")
	try:
		frappe.sendmail(
			recipients=[address],
			subject=subject,
			message=f"<p>{escape_html(subject)}</p><p>{link}</p>",
			reference_doctype=ALERT,
			reference_name=alert.name,
			add_unsubscribe_link=0,
		)
	except (frappe.OutgoingEmailError, frappe.ValidationError):
		# A hospital without a mail account has the inbox and the desk; the alert itself must never fail.
		frappe.db.rollback(save_point="followup_mail")
		frappe.clear_last_message()
		return
	frappe.db.release_savepoint("followup_mail")


def _base_url() -> str:
	"""The site's address from its configuration; never from the request, whose sender could choose it."""
	configured = frappe.get_cached_doc("Follow-up Settings").base_url or frappe.conf.host_name
	return (configured or f"https://{frappe.local.site}").rstrip("/")
