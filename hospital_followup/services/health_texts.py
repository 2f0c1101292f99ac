"""Whether there is a text for everything that is to go out: approved here, and registered where the service asks for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import frappe
from frappe import _
from frappe.model.document import Document

from hospital_followup.services import message_texts
from hospital_followup.services.attempts import PROGRAMME_CONTACT
from hospital_followup.services.health_check import OK, WARN, Check
from hospital_followup.services.message_texts import TEMPLATE

if TYPE_CHECKING:
	from hospital_followup.hospital_followup.doctype.follow_up_provider.follow_up_provider import (
		FollowupProvider,
	)

#: Occasions that are written only where a setting asks for it.
SETTING_OF = {"Education": "advice_messages", "Survey Invitation": "survey_after_contact"}


def checks(providers: Sequence[FollowupProvider]) -> Iterator[Check]:
	"""The texts of the channels that these enabled providers serve."""
	by_channel: defaultdict[str, list[FollowupProvider]] = defaultdict(list)
	for provider in providers:
		by_channel[provider.channel].append(provider)
	found = [*_nameless(sorted(by_channel)), *_empty(sorted(by_channel)), *_unregistered(by_channel)]
	if by_channel and not found:
		sentence = _("Every channel with a provider has approved message templates.")
		found.append(Check("templates", OK, sentence, route=("List", TEMPLATE)))
	yield from found


def _nameless(channels: Sequence[str]) -> Iterator[Check]:
	"""A text that shows a value nobody has entered does not go out."""
	settings = frappe.get_cached_doc("Follow-up Settings")
	if settings.hospital_name:
		return
	occasions = message_texts.needing("hospital_name", channels)
	if occasions:
		sentence = _(
			"The settings have no name of the hospital, and approved messages say it: {0}. Unless the patient's record names a company, nothing of it goes out, a person calls instead."
		).format(", ".join(_(name, context="Follow-up Message") for name in occasions))
		label = _(settings.meta.get_label("hospital_name"), context=settings.doctype)
		fix = _("Open the settings and enter “{0}” as patients know it.").format(label)
		yield Check("hospital_name", WARN, sentence, fix, ("Form", settings.doctype))


def _empty(channels: Sequence[str]) -> Iterator[Check]:
	empty = [
		channel
		for channel in channels
		if not frappe.db.exists(TEMPLATE, {"channel": channel, "status": "Approved"})
	]
	if empty:
		sentence = _(
			"No approved message template for {0}: nothing can be written there, a person calls instead."
		)
		names = ", ".join(_(channel) for channel in empty)
		fix = _("Approve the templates of that channel.")
		yield Check("templates", WARN, sentence.format(names), fix, ("List", TEMPLATE), {"status": "Draft"})


def _unregistered(by_channel: dict[str, list[FollowupProvider]]) -> Iterator[Check]:
	"""The predicate is the one by which messages are written, so this line and what happens cannot differ."""
	settings = frappe.get_cached_doc("Follow-up Settings")
	for channel, occasions in sorted(message_texts.uncarried(by_channel).items()):
		used = [name for name in occasions if _is_used(name, settings)]
		if not used:
			continue
		sentence = _(
			"{0} carries registered texts only, and there is none for: {1}. Nothing of it goes out, a person calls instead."
		).format(_(channel), ", ".join(_(name, context="Follow-up Message") for name in used))
		fix = _(
			"In each of these message templates choose New Version, hand its text in at the service, enter the number it gets under “{0}”, and approve it. Retire what is not used."
		).format(_("Provider's Template ID"))
		filters = {"status": "Approved", "channel": channel}
		yield Check("templates", WARN, sentence, fix, ("List", TEMPLATE), filters)


def _is_used(occasion: str, settings: Document) -> bool:
	"""Whether this hospital writes messages of the occasion."""
	if occasion == PROGRAMME_CONTACT:
		return bool(frappe.db.exists("Programme Enrolment"))
	return occasion not in SETTING_OF or bool(settings.get(SETTING_OF[occasion]))
