"""Trying a provider out: one made-up message to the person who asks, and to nobody else. Works in dry run as well.

Nothing is kept of it; the answer says what the service said, in words and with its code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import frappe
from frappe import _

from hospital_followup.engine.message_ports import OutgoingMessage
from hospital_followup.exceptions import TrialError
from hospital_followup.services import message_placeholders, message_texts, provider_settings
from hospital_followup.services.phone import international, masked

if TYPE_CHECKING:
	from hospital_followup.hospital_followup.doctype.follow_up_provider.follow_up_provider import (
		FollowupProvider,
	)

TEMPLATE, SETTINGS = "Message Template", "Follow-up Settings"
#: Their addresses (openid, WeCom account) stand with no user of the desk.
UNKNOWN_ADDRESS = frozenset({"WeChat Official Account", "WeCom"})


def state(provider: FollowupProvider) -> dict[str, Any]:
	"""What the form shows: what is missing, where the service calls back, whether a test needs a template, and to whom."""
	entry = provider_settings.entry_of(provider.provider)
	return {
		"missing": provider_settings.missing(provider),
		"calls_back": bool(entry.callback),
		"callback": provider_settings.callback_address(provider),
		"key_in_address": entry.callback == "key" and bool(provider.get_password("callback_secret", False)),
		"needs_template": entry.needs_template,
		"can_test": provider.provider not in UNKNOWN_ADDRESS,
		"to": _shown(provider.channel, _own_address(provider.channel)),
	}


def send(provider: FollowupProvider, template: str | None = None) -> dict[str, Any]:
	"""Send a test to the signed-in person's own address; `state`, `code` and a sentence about it.

	`template`: a Message Template with the number of an approved text at the service, for services that carry no other.
	Raises TrialError when the person has no such address, or something is missing.
	"""
	lacking = provider_settings.missing(provider)
	if lacking:
		_refuse(_("Something is missing before this provider can send: {0}.").format(lacking))
	to = _own_address(provider.channel)
	if provider.provider in UNKNOWN_ADDRESS or not to:
		_refuse(_no_address(provider))
	result = provider_settings.made(provider).send(_message(provider, to, template))
	return {"state": result.state, "code": result.code, "sentence": _sentence(result.state, result.reason)}


def _message(provider: FollowupProvider, to: str, template: str | None) -> OutgoingMessage:
	hospital = frappe.get_cached_doc(SETTINGS).hospital_name or ""
	body = _("This is a test of {0}. It was sent to you only.").format(hospital or _("Hospital Follow-up"))
	number, variables = None, {}
	if provider_settings.entry_of(provider.provider).needs_template:
		number, variables = _approved(provider, template)
	return OutgoingMessage(
		reference=frappe.generate_hash(length=32),
		to=to,
		body=body,
		subject=_("Test of Hospital Follow-up"),
		language=frappe.local.lang,
		template=number,
		variables=variables,
	)


def _approved(provider: FollowupProvider, template: str | None) -> tuple[str, dict[str, str]]:
	"""The service's number of the text, and made-up values for its variables."""
	doc = frappe.get_doc(TEMPLATE, template) if template else None
	registered = doc and doc.channel == provider.channel and doc.provider_template
	if not registered or doc.provider not in (None, "", provider.name):
		_refuse(
			_(
				"This service carries approved texts only: choose a message template with the number of such a text."
			)
		)
	samples = message_placeholders.samples(doc.language)
	return doc.provider_template, {
		name: samples.get(placeholder, placeholder)
		for name, placeholder in message_texts.variable_map(doc.variables).items()
	}


def _own_address(channel: str) -> str | None:
	user = frappe.session.user
	if channel == "App Push":
		return user
	if channel == "Email":
		return frappe.db.get_value("User", user, "email")
	if channel != "SMS":
		return None
	row = frappe.db.get_value("User", user, ["mobile_no", "phone"], as_dict=True)
	country = frappe.get_cached_doc(SETTINGS).default_country_code
	number, valid = international(row.mobile_no or row.phone, country)
	return number if valid else None


def _shown(channel: str, address: str | None) -> str | None:
	return masked(address) if channel == "SMS" else address


def _no_address(provider: FollowupProvider) -> str:
	if provider.provider in UNKNOWN_ADDRESS:
		return _(
			"A test of this service goes to a follower of the account, not to a user of the desk: make yourself a patient with your own account, and send yourself a message."
		)
	if provider.channel == "SMS":
		return _("Your own user has no valid mobile number. Enter it under My Settings and try again.")
	return _("Your own user has no e-mail address. Enter it under My Settings and try again.")


def _sentence(state: str, reason: str | None) -> str:
	if state == "accepted":
		return _("The service has taken the message. It should arrive within a minute.")
	words = {
		"no_such_number": _("The service says that there is no such number."),
		"bad_address": _("The service does not know this address."),
		"opted_out": _("The service keeps a refusal of this address."),
		"not_wanted": _("The service says that this person does not want this kind of message."),
		"content": _("The service does not take this text."),
		"template": _("Template or signature is not approved by the service, or the variables do not match."),
		"not_allowed": _("The account may not do this: look into the rights in the service's console."),
		"credentials": _("Account, secret or the clock of the server is wrong."),
		"account": _("Balance, contract or product is missing at the service."),
		"address_limit": _("Too many messages went to this address already."),
		"rate_limit": _("The service takes no more messages at the moment."),
		"misconfigured": _("Something answers at this address, but it is not the service."),
		"service_error": _("The service reports an error of its own."),
		"unreachable": _(
			"The service cannot be reached from this server: look at address, firewall and proxy."
		),
		"no_answer": _("The service did not answer in time. The message may arrive all the same."),
	}
	return words.get(reason or "", _("The service answered with a code that is not known here."))


def _refuse(sentence: str) -> None:
	frappe.throw(sentence, TrialError, title=_("No Test Was Sent"))
