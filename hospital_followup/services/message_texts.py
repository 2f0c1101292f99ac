"""What a message says: the approved template for its occasion, in the patient's language, with the patient's values.

A text that goes out unread is complete or does not go out: where a value that the template shows is not known, the next
template is tried, and without any there is no text and a person takes over. The link to the patient's page is filled in
only when the message is sent; what is stored says that there is one, never which.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import frappe

from hospital_followup.services import message_placeholders, message_values, provider_settings, templates
from hospital_followup.services.message_placeholders import LINK, LINK_TOKEN

if TYPE_CHECKING:
	from hospital_followup.hospital_followup.doctype.follow_up_provider.follow_up_provider import (
		FollowupProvider,
	)
	from hospital_followup.services.messages import Wanted

TEMPLATE = "Message Template"
FIELDS = (
	*(
		"name",
		"occasion",
		"purpose",
		"channel",
		"language",
		"subject",
		"body",
		"provider_template",
		"provider",
		"variables",
	),
)
SPACES = re.compile(r"[ \t]+(?=\n|$)")
LINES = re.compile(r"\n{3,}")


@dataclass(frozen=True, slots=True)
class Text:
	"""A message ready to be stored; `variables` are the values of the provider's own template, in its order.

	`provider` is the account at which that template is registered, once it is known which one carries the message.
	"""

	template: str
	body: str = field(repr=False)
	subject: str | None = field(default=None, repr=False)
	provider_template: str | None = None
	provider: str | None = None
	variables: dict[str, str] = field(default_factory=dict, repr=False)
	language: str | None = None


def prepare(
	wanted: Sequence[Wanted], providers: Mapping[str, Sequence[FollowupProvider]]
) -> dict[str, Text | None]:
	"""The text of each wanted message by its key; None where no approved template fits or a value is missing.

	Only texts that one of the `providers` of the channel can carry (`provider_settings.carriers`) fit. A few queries
	for all of them. `values` of a wanted message come before what the records say; a date in them is written YYYY-MM-
	DD, with HH:MM where the time matters, and said in the language of the text.
	"""
	if not wanted:
		return {}
	occasions = sorted({_words_of(item) for item in wanted})
	offered = defaultdict(list)
	for row in _carried(_approved({"occasion": ("in", occasions)}), providers):
		offered[_place(row)].append(row)
	known = message_values.read(wanted)
	return {item.key: _text(item, offered, known) for item in wanted}


def uncarried(providers: Mapping[str, Sequence[FollowupProvider]]) -> dict[str, list[str]]:
	"""By channel of `providers` the occasions with approved texts in the hospital's languages, none of which goes out there."""
	languages = set(_languages(None))
	rows = [
		row
		for row in _approved({"channel": ("in", sorted(providers))})
		if languages & {row.language, spoken_as(row.language)}
	]
	carried = {_place(row) for row in _carried(rows, providers)}
	found: defaultdict[str, list[str]] = defaultdict(list)
	for occasion, _purpose, channel in sorted({_place(row) for row in rows} - carried):
		if occasion not in found[channel]:
			found[channel].append(occasion)
	return dict(found)


def needing(placeholder: str, channels: Iterable[str]) -> list[str]:
	"""Occasions of `channels` with an approved text that cannot go out without the value of `placeholder`."""
	found = []
	for row in _approved({"channel": ("in", sorted(channels))}):
		values = message_placeholders.samples(row.language)
		del values[placeholder]
		try:
			filled(row, values)
		except templates.MissingValueError:
			found.append(row.occasion)
		except (LookupError, ValueError):  # written past the form: it lacks more than this value
			continue
	return sorted(set(found))


def fill_link(text: str, url: str | None) -> str:
	"""A stored text with the address of the patient's page in its place. Raises ValueError when there is none to fill in."""
	if LINK not in text and LINK_TOKEN not in text:
		return text
	_address, mark, token = (url or "").partition("#")
	if not url or not (mark and token):
		raise ValueError("the text has a link, but there is no page to link to")
	return text.replace(LINK, url).replace(LINK_TOKEN, token)


def filled(template: Mapping[str, Any], values: Mapping[str, str]) -> Text:
	"""One template with these values. Raises MissingValueError for a value that is shown and not known, else ValueError."""
	channel = template["channel"]
	variables = {}
	for name, placeholder in variable_map(template.get("variables")).items():
		if not values.get(placeholder):
			raise templates.MissingValueError(placeholder)
		variables[name] = values[placeholder]
	subject = templates.render(
		template.get("subject"),
		values,
		kinds=message_placeholders.kinds(channel, subject=True),
		complete=True,
	)
	body = templates.render(
		template.get("body"), values, kinds=message_placeholders.kinds(channel), complete=True
	)
	body = LINES.sub("\n\n", SPACES.sub("", body)).strip()
	if not body:
		raise ValueError("the text is empty")
	number = template.get("provider_template") or None
	return Text(
		template=template["name"],
		language=template["language"],
		body=body,
		subject=" ".join(subject.split()) or None,
		provider_template=number,
		provider=template.get("provider") if number else None,
		variables=variables,
	)


def variable_map(lines: str | None) -> dict[str, str]:
	"""The provider's names and our placeholders, in the order of the lines `name = placeholder`."""
	pairs = (line.partition("=") for line in (lines or "").splitlines() if line.strip())
	return {name.strip(): placeholder.strip() for name, _equals, placeholder in pairs}


def _approved(filters: Mapping[str, Any]) -> list[frappe._dict]:
	"""The approved templates, the newest first."""
	return frappe.get_all(
		TEMPLATE,
		filters={"status": "Approved", **filters},
		fields=list(FIELDS),
		order_by="creation desc, version desc, name",
	)


def _carried(
	rows: Sequence[frappe._dict], providers: Mapping[str, Sequence[FollowupProvider]]
) -> list[frappe._dict]:
	"""Those of the templates that can go out; each with a number names the account that it goes through."""
	found = []
	for row in rows:
		carriers = provider_settings.carriers(row, providers.get(row.channel, ()))
		if carriers:
			found.append(frappe._dict(row, provider=carriers[0].name if row.provider_template else None))
	return found


def _place(row: frappe._dict) -> tuple[str, str, str]:
	return row.occasion, row.purpose, row.channel


def _words_of(item: Wanted) -> str:
	return item.worded_for or item.occasion


def _text(
	item: Wanted, offered: Mapping[tuple[str, str, str], list[frappe._dict]], known: message_values.Known
) -> Text | None:
	rows = offered.get((_words_of(item), item.purpose, item.channel), [])
	for language in _languages(item.language or known.language_of(item.patient)):
		for row in rows:
			if row.language != language and spoken_as(row.language) != language:
				continue
			try:
				return filled(row, known.values_of(item, row.language))
			except (LookupError, ValueError):  # written past the form, or a value is not known
				continue
	return None


def _languages(own: str | None) -> list[str]:
	"""The patient's language, the same without its region, then what the hospital and the site speak."""
	settings = frappe.get_cached_doc("Follow-up Settings")
	site = frappe.get_system_settings("language")
	wanted = [language for language in (own, settings.default_language, site) if language]
	return list(dict.fromkeys(code for language in wanted for code in (language, spoken_as(language))))


def spoken_as(language: str) -> str:
	"""The language without its region: zh for zh-TW."""
	return language.replace("_", "-").partition("-")[0].lower()
