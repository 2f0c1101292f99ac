"""What services report about messages of ours, in their own formats, and the accounts that they report for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any
from urllib.parse import quote, urlencode

import frappe
import requests
from frappe.model.document import Document
from frappe.utils import now_datetime
from twilio.request_validator import RequestValidator

from hospital_followup.engine.message_ports import CallbackRequest
from hospital_followup.services import provider_settings
from hospital_followup.services.messages import reference_of
from hospital_followup.tests import factories as make
from tests.providers.services import aliyun, push, tencent, twilio, wechat, wecom
from tests.providers.services.callbacks import request

MESSAGE, RECEIPT, CONSENT, LOG = (
	"Follow-up Message",
	"Follow-up Receipt",
	"Follow-up Consent",
	"Follow-up Log",
)
BASE = "https://followup.example.org"
NUMBER = "+8613800138000"
CANARY = "canary-body-of-the-message"


class Twilio(twilio.TwilioService):
	"""Twilio signs the address that it was given, which is the one of the account on this site."""

	def _signed(self, fields: dict[str, str], query: dict[str, str], at: datetime) -> CallbackRequest:
		more = {name: value for name, value in query.items() if name != "provider"}
		url = f"{BASE}{provider_settings.CALLBACK_PATH}?provider={quote(self.name)}"
		url += f"&{urlencode(more, quote_via=quote)}" if more else ""
		signature = RequestValidator(twilio.TOKEN).compute_signature(url, fields)
		headers = {"x-twilio-signature": signature}
		return request(urlencode(fields).encode(), query=more, headers=headers, at=at)


#: By service: what people choose, and what they enter.
ACCOUNTS: Mapping[type[Any], dict[str, str]] = {
	aliyun.AliyunService: {
		"provider": "Aliyun SMS",
		"account": aliyun.KEY_ID,
		"secret": aliyun.SECRET,
		"sender": "示例医院",
		"callback_secret": aliyun.CALLBACK_KEY,
	},
	tencent.TencentService: {
		"provider": "Tencent Cloud SMS",
		"account": tencent.SECRET_ID,
		"secret": tencent.SECRET_KEY,
		"application": "1400006666",
		"sender": "示例医院",
		"callback_secret": tencent.CALLBACK_KEY,
	},
	Twilio: {
		"provider": "Twilio SMS",
		"account": twilio.ACCOUNT,
		"secret": twilio.TOKEN,
		"sender": "+15005550006",
	},
	wechat.WeChatService: {
		"provider": "WeChat Official Account",
		"account": wechat.APP_ID,
		"secret": wechat.APP_SECRET,
		"callback_secret": wechat.TOKEN,
		"aes_key": wechat.AES_KEY,
	},
	wecom.WeComService: {
		"provider": "WeCom",
		"account": wecom.CORP_ID,
		"secret": wecom.CORP_SECRET,
		"application": "1000002",
		"callback_secret": wecom.TOKEN,
		"aes_key": wecom.AES_KEY,
	},
	push.PushService: {
		"provider": "Push Webhook",
		"secret": push.SECRET,
		"endpoint": "https://app.example.org/push",
	},
}
SERVICES = tuple(ACCOUNTS)
#: What the services say that they send; the others say JSON.
CONTENT_TYPES = {
	"twilio_sms": "application/x-www-form-urlencoded; charset=UTF-8",
	"wechat_official": "text/xml",
	"wecom": "text/xml",
}
REPORTING = tuple(service for service in SERVICES if service.gives_receipts)


def account(service: type[Any]) -> Document:
	"""The Follow-up Provider of a service, named like the service; made when missing."""
	if frappe.db.exists(provider_settings.PROVIDER, service.name):
		return frappe.get_doc(provider_settings.PROVIDER, service.name)
	frappe.db.set_single_value("Follow-up Settings", "base_url", BASE)
	frappe.clear_document_cache("Follow-up Settings", "Follow-up Settings")
	values = {"title": service.name, "enabled": 1, **ACCOUNTS[service]}
	return frappe.get_doc({"doctype": provider_settings.PROVIDER, **values}).insert()


def address(channel: str) -> dict[str, str]:
	"""The field of a patient by which a reply on `channel` is recognised, with a value."""
	others = {"WeChat": {"wechat_openid": "o-patient"}, "App Push": {"app_account": "device-7"}}
	return others.get(channel, {"mobile": NUMBER})


def sent(
	to: Document | None = None, *, provider: str | None = None, status: str = "Sent", **fields: Any
) -> Document:
	"""A message as the outbox leaves it behind: `provider_id` m-1 and so on, unless told otherwise."""
	patient = to or make.patient(language="en")
	key = f"test|{frappe.generate_hash(length=12)}"
	doc = frappe.get_doc(
		{
			"doctype": MESSAGE,
			"patient": patient.name,
			"channel": fields.pop("channel", "SMS"),
			"body": CANARY,
			"send_after": now_datetime(),
			"recipient": fields.pop("recipient", patient.mobile),
			"key": key,
			"reference": reference_of(key),
			**fields,
		}
	)
	doc.flags.followup_service = True
	doc.insert()
	gone = status in ("Sent", "Delivered", "Failed")
	doc.db_set(
		{
			"status": status,
			"provider": provider,
			"provider_id": fields.get("provider_id", f"id-{doc.name}") if gone else None,
			"tried_at": now_datetime(),
			"sent_at": now_datetime() if gone else None,
			"tries": 1,
		},
		update_modified=False,
	)
	return doc


def now() -> datetime:
	"""This second, as services write it."""
	return datetime.now(timezone.utc).replace(microsecond=0)


def deliver(url: str, service: Any, made: CallbackRequest, **headers: str) -> requests.Response:
	"""Post what a service has made, over the wire, to the account of its name."""
	given = {"content-type": CONTENT_TYPES.get(service.name, "application/json"), **made.headers, **headers}
	return requests.request(
		made.method,
		url + provider_settings.CALLBACK_PATH,
		params={"provider": service.name, **made.query},
		data=made.body,
		headers=given,
	)


def status_of(message: Document) -> str:
	frappe.db.commit()  # reason: what the server has committed is seen by a new transaction
	return frappe.db.get_value(MESSAGE, message.name, "status")
