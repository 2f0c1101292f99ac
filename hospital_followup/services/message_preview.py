"""A template while it is written: how it reads, how long it is as networks count, and what the provider is to approve."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import frappe
from frappe import _
from frappe.utils import now_datetime

from hospital_followup.engine.segments import length_of
from hospital_followup.services import message_placeholders, message_texts, message_values, spoken
from hospital_followup.services.message_check import FIXED, LINKS, PLACEHOLDER, names_in
from hospital_followup.services.message_placeholders import LINK, LINK_TOKEN
from hospital_followup.services.messages import Wanted
from hospital_followup.services.page_links import PATH

CHANNELS = ("SMS", "WeChat", "Email", "App Push")
#: As long as a token, and nobody's.
SAMPLE_TOKEN = "x" * 32
#: From this many parts on a text message is worth a second thought: each is billed, some telephones show them apart.
MANY_SEGMENTS = 3


def preview(template: Any, patient: str | None = None) -> dict[str, Any]:
	"""Subject and body as a made-up patient, or `patient`, would read them, and the length of a text message."""
	text = message_texts.filled(template.as_dict(), _values(template, patient))
	body = message_texts.fill_link(text.body, _sample_url())
	found: dict[str, Any] = {
		"subject": text.subject,
		"body": body,
		"variables": {
			name: message_texts.fill_link(value, _sample_url()) for name, value in text.variables.items()
		},
	}
	if template.channel == "SMS":
		length = length_of(_with_signature(template, body))
		found |= {
			"encoding": length.encoding,
			"units": length.units,
			"segments": length.segments,
			"left": length.left,
		}
	return found


def advice(template: Any, segments: int) -> list[str]:
	"""What could be better; none of it stops a template from being saved."""
	shown, found = names_in(template.body), []
	if segments >= MANY_SEGMENTS:
		found.append(
			_("{0} parts: each is billed as a message. A shorter text is read more often.").format(segments)
		)
	if "stop_hint" not in shown:
		found.append(_("Say how to stop: {{ stop_hint }}. To stop should be as easy as it was to agree."))
	if template.channel != "SMS" or spoken.base_language(template.language) != "zh":
		return found
	if not template.provider_template and not (template.body or "").lstrip().startswith("【"):
		found.append(
			_(
				"Networks in China ask for the sender in 【】. Begin with 【{{ hospital_name }}】 unless the gateway adds it."
			)
		)
	if "link" in message_texts.variable_map(template.variables).values():
		found.append(
			_(
				"Providers in China refuse addresses in variables. Register the beginning as fixed text, use link_token."
			)
		)
	return found


def to_register(template: Any) -> dict[str, str] | None:
	"""The text to hand in where a provider approves templates, and the lines of `variables` that go with it."""
	if template.channel not in ("SMS", "WeChat"):
		return None
	values = _values(template, None)
	told = [name for name in _in_order(template.body) if name not in FIXED | {"stop_hint"}]
	for name in told:
		values[name] = f"${{{name}}}"
	url = _sample_url().replace(SAMPLE_TOKEN, "${link_token}")
	if "link" in values:
		values["link"] = url
	body = message_texts.filled({**template.as_dict(), "variables": None}, values).body
	if body.startswith("【"):
		body = body.partition("】")[2]
	names = dict.fromkeys("link_token" if name in LINKS else name for name in told)
	return {
		"body": body.replace(LINK, url).replace(LINK_TOKEN, "${link_token}"),
		"variables": "\n".join(f"{name} = {name}" for name in names),
	}


def _values(template: Any, patient: str | None) -> dict[str, str]:
	"""A made-up patient's values, below the hospital's own and, where asked, those of a patient."""
	now = now_datetime()
	item = Wanted(
		key="preview",
		patient=patient or "",
		channel=template.channel,
		purpose=template.purpose,
		occasion=template.occasion,
		send_after=now,
		expires_at=now + timedelta(days=1),
		survey="preview",
	)
	known = message_values.read([item]).values_of(item, template.language)
	return {
		**message_placeholders.samples(template.language),
		**known,
		"link": LINK,
		"link_token": LINK_TOKEN,
	}


def _sample_url() -> str:
	base = frappe.get_cached_doc("Follow-up Settings").base_url or "https://hospital.example"
	return f"{base.rstrip('/')}/{PATH}#{SAMPLE_TOKEN}"


def _with_signature(template: Any, body: str) -> str:
	"""A provider that has approved the text puts the signature in front of it, and it is counted."""
	if not template.provider_template or body.startswith("【"):
		return body
	name = frappe.get_cached_doc("Follow-up Settings").hospital_name
	return f"【{name}】{body}" if name and spoken.base_language(template.language) == "zh" else body


def _in_order(text: str | None) -> list[str]:
	"""The placeholders that a text shows, each once, in the order of the text."""
	return list(dict.fromkeys(PLACEHOLDER.findall(text or "")))
