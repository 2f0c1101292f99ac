"""Every provider that ships with the app, by name. Imported only when one is used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Literal

from hospital_followup.engine.message_ports import MessageProvider


@dataclass(frozen=True, slots=True)
class Entry:
	"""Where a provider and its configuration are, which channel it serves, and what its service asks of the hospital.

	`needs_template`: the service carries texts only that are registered there. `callback`: by what a call of the service is
	known: a key in its address, a token entered on both sides, or the secret of the account; empty where nothing calls back.
	"""

	channel: str
	module: str
	provider: str
	config: str
	needs_template: bool = False
	callback: Literal["", "key", "token", "account"] = ""


_HERE = "hospital_followup.channels.providers"
CATALOGUE: Mapping[str, Entry] = {
	"aliyun_sms": Entry(
		"SMS", "aliyun_sms", "AliyunSms", "AliyunSmsConfig", needs_template=True, callback="key"
	),
	"tencent_sms": Entry(
		"SMS", "tencent_sms", "TencentSms", "TencentSmsConfig", needs_template=True, callback="key"
	),
	"twilio_sms": Entry("SMS", "twilio_sms", "TwilioSms", "TwilioSmsConfig", callback="account"),
	"frappe_sms": Entry("SMS", "frappe_sms", "FrappeSms", "FrappeSmsConfig"),
	"wechat_official": Entry(
		"WeChat",
		"wechat_official",
		"WeChatOfficial",
		"WeChatOfficialConfig",
		needs_template=True,
		callback="token",
	),
	"wecom": Entry("WeChat", "wecom", "WeCom", "WeComConfig", callback="token"),
	"email": Entry("Email", "email", "Email", "EmailConfig"),
	"push_webhook": Entry("App Push", "push_webhook", "PushWebhook", "PushWebhookConfig", callback="account"),
	"frappe_notification": Entry(
		"App Push", "frappe_notification", "FrappeNotification", "FrappeNotificationConfig"
	),
}


def config_class(name: str) -> type[Any]:
	"""The frozen dataclass of plain values that `name` is configured with. KeyError for an unknown name."""
	entry = CATALOGUE[name]
	found: type[Any] = getattr(import_module(f"{_HERE}.{entry.module}"), entry.config)
	return found


def provider(name: str, config: object) -> MessageProvider:
	"""The provider `name`, configured. KeyError for an unknown name."""
	entry = CATALOGUE[name]
	made: MessageProvider = getattr(import_module(f"{_HERE}.{entry.module}"), entry.provider)(config)
	return made
