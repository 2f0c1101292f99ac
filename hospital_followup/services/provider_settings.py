"""From Follow-up Provider, where administrators keep their accounts, to the objects that speak to the services."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import frappe

from hospital_followup.channels.outgoing import Limits
from hospital_followup.channels.providers import catalogue
from hospital_followup.channels.providers.frappe_sms import config_of
from hospital_followup.engine.message_ports import MessageProvider

if TYPE_CHECKING:
	from hospital_followup.hospital_followup.doctype.follow_up_provider.follow_up_provider import (
		FollowupProvider,
	)

PROVIDER = "Follow-up Provider"
SETTINGS = "Follow-up Settings"
CALLBACK_PATH = "/api/method/hospital_followup.callback_api.receive"
#: What people choose, and the catalogue's name of it.
CODE = {
	"Aliyun SMS": "aliyun_sms",
	"Tencent Cloud SMS": "tencent_sms",
	"Twilio SMS": "twilio_sms",
	"Frappe SMS Settings": "frappe_sms",
	"WeChat Official Account": "wechat_official",
	"WeCom": "wecom",
	"Email Account": "email",
	"Push Webhook": "push_webhook",
	"Frappe Notification": "frappe_notification",
}
#: These write into the site's own database: within a transaction, never in a thread.
IN_OUR_DATABASE = frozenset({"email", "frappe_notification"})


def channel_of(kind: str) -> str:
	"""The channel that a provider of this kind serves. KeyError for an unknown kind."""
	return entry_of(kind).channel


def entry_of(kind: str) -> catalogue.Entry:
	"""What the catalogue says about providers of this kind. KeyError for an unknown kind."""
	return catalogue.CATALOGUE[CODE[kind]]


def switched_on() -> dict[str, list[FollowupProvider]]:
	"""By channel the enabled providers, also those that lack something, the one to use first in front."""
	names = frappe.get_all(PROVIDER, filters={"enabled": 1}, pluck="name", order_by="priority asc, name asc")
	found: defaultdict[str, list[FollowupProvider]] = defaultdict(list)
	for name in names:
		doc = frappe.get_cached_doc(PROVIDER, name)
		found[doc.channel].append(doc)
	return dict(found)


def enabled() -> dict[str, list[FollowupProvider]]:
	"""By channel the enabled providers that have all they need, the one to use first in front."""
	ready = {channel: [doc for doc in docs if is_ready(doc)] for channel, docs in switched_on().items()}
	return {channel: docs for channel, docs in ready.items() if docs}


def is_ready(doc: FollowupProvider) -> bool:
	"""Whether the provider has all it needs; a secret that cannot be read any more is one that it lacks."""
	try:
		return made(doc).configured() is None
	except frappe.ValidationError:  # encrypted with another key: a backup of another site
		frappe.clear_last_message()
		return False


def carriers(text: Mapping[str, Any], offered: Sequence[FollowupProvider]) -> list[FollowupProvider]:
	"""Those of a channel's providers, in their order, that can carry a text: a Message Template, or a message made of one.

	A text with a number goes through the account at which it is registered, the first one where none is named; a text
	without a number goes through whatever needs none.
	"""
	if not text["provider_template"]:
		return [doc for doc in offered if not entry_of(doc.provider).needs_template]
	account = text["provider"] or (offered[0].name if offered else None)
	return [doc for doc in offered if doc.name == account]


def missing(doc: FollowupProvider) -> str | None:
	"""What the provider lacks before it can send, as a code; None when nothing."""
	return made(doc).configured()


def made(doc: FollowupProvider) -> MessageProvider:
	"""The object that speaks to the service with this account."""
	code = CODE[doc.provider]
	values = _VALUES[code](doc)
	config = values if code == "frappe_sms" else catalogue.config_class(code)(**values)
	return catalogue.provider(code, config)


def callback_address(doc: FollowupProvider) -> str:
	"""Where the service calls back, at the base address of the settings; empty without one."""
	base = (frappe.get_cached_doc(SETTINGS).base_url or "").rstrip("/")
	return f"{base}{CALLBACK_PATH}?provider={frappe.utils.quote(doc.name)}" if base else ""


def callback_address_with_key(doc: FollowupProvider) -> str:
	"""The same with the key by which the service is known, where it stands in the address: only for who may change the key."""
	address, key = callback_address(doc), _secret(doc, "callback_secret")
	if not (address and key) or entry_of(doc.provider).callback != "key":
		return address
	return f"{address}&key={frappe.utils.quote(key, safe='')}"


def _limits(doc: FollowupProvider) -> Limits:
	standard = Limits()
	return Limits(
		connect_timeout=doc.connect_timeout or standard.connect_timeout,
		read_timeout=doc.read_timeout or standard.read_timeout,
		total_timeout=doc.total_timeout or standard.total_timeout,
		allow_private=bool(doc.allow_private),
	)


def _secret(doc: FollowupProvider, field: str = "secret") -> str:
	return doc.get_password(field, raise_exception=False) or ""


def _reached(doc: FollowupProvider, **values: Any) -> dict[str, Any]:
	"""`values` with where and how long the service is spoken to; its own address where none is entered."""
	endpoint = {"endpoint": doc.endpoint} if doc.endpoint else {}
	return {**values, **endpoint, "limits": _limits(doc)}


def _aliyun(doc: FollowupProvider) -> dict[str, Any]:
	return _reached(
		doc,
		access_key_id=doc.account or "",
		access_key_secret=_secret(doc),
		sign_name=doc.sender or "",
		callback_key=_secret(doc, "callback_secret"),
	)


def _tencent(doc: FollowupProvider) -> dict[str, Any]:
	region = {"region": doc.region} if doc.region else {}
	return _reached(
		doc,
		secret_id=doc.account or "",
		secret_key=_secret(doc),
		sdk_app_id=doc.application or "",
		sign_name=doc.sender or "",
		callback_key=_secret(doc, "callback_secret"),
		**region,
	)


def _twilio(doc: FollowupProvider) -> dict[str, Any]:
	return _reached(
		doc,
		account_sid=doc.account or "",
		auth_token=_secret(doc),
		sender=doc.sender or "",
		callback_url=callback_address(doc),
	)


def _wechat(doc: FollowupProvider) -> dict[str, Any]:
	return _reached(
		doc,
		app_id=doc.account or "",
		app_secret=_secret(doc),
		token=_secret(doc, "callback_secret"),
		aes_key=_secret(doc, "aes_key"),
		kind=(doc.template_kind or "Template").lower(),
	)


def _wecom(doc: FollowupProvider) -> dict[str, Any]:
	return _reached(
		doc,
		corp_id=doc.account or "",
		corp_secret=_secret(doc),
		agent_id=doc.application or "",
		token=_secret(doc, "callback_secret"),
		aes_key=_secret(doc, "aes_key"),
	)


_VALUES: Mapping[str, Callable[[FollowupProvider], Any]] = {
	"aliyun_sms": _aliyun,
	"tencent_sms": _tencent,
	"twilio_sms": _twilio,
	"frappe_sms": lambda doc: config_of(
		frappe.get_cached_doc("SMS Settings"), doc.success_text or "", _limits(doc)
	),
	"wechat_official": _wechat,
	"wecom": _wecom,
	"email": lambda doc: {"sender": doc.sender or None},
	"push_webhook": lambda doc: {"url": doc.endpoint or "", "secret": _secret(doc), "limits": _limits(doc)},
	"frappe_notification": lambda _doc: {},
}
