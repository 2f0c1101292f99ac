"""Whether messages reach patients: the switch, the providers, the texts, and what is stuck between them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import frappe
from frappe import _
from frappe.utils import format_datetime, now_datetime

from hospital_followup.services import go_live, health_texts, provider_settings
from hospital_followup.services.health_check import AT_MOST, BAD, OK, WARN, Check, counted, some

if TYPE_CHECKING:
	from hospital_followup.hospital_followup.doctype.follow_up_provider.follow_up_provider import (
		FollowupProvider,
	)

MESSAGE, RECEIPT = "Follow-up Message", "Follow-up Receipt"
PROVIDER, SETTINGS = provider_settings.PROVIDER, provider_settings.SETTINGS
#: A claim that has run out is taken back by the next tick of the dispatcher.
LEASE_OVER = timedelta(minutes=15)
OVERDUE = timedelta(hours=1)
#: The provider has been asked by then, and a person has been given the contact.
UNCERTAIN_FOR = timedelta(hours=3)


def checks() -> Iterator[Check]:
	now = now_datetime()
	providers = [
		frappe.get_doc(PROVIDER, name)
		for name in frappe.get_all(PROVIDER, filters={"enabled": 1}, pluck="name", order_by="priority, name")
	]
	if not providers and not some(MESSAGE, {"status": "Queued"}):
		yield Check(
			"providers",
			OK,
			_("No message provider is set up; people make every contact."),
			route=("List", PROVIDER),
		)
		return
	live = go_live.state()
	yield _switch(live)
	for provider in providers:
		yield _provider(provider, now)
	yield from health_texts.checks(providers)
	yield from _stuck(live, now)
	yield from _receipts(now)


def _switch(live: go_live.State) -> Check:
	route = ("Form", SETTINGS)
	if live.live:
		return Check("go_live", OK, _("Live: messages go out to patients."), route=route)
	if live.reason == go_live.NOT_LIVE:
		sentence = _(
			"Dry run: messages are written and wait; none goes out, and what expires goes to a person."
		)
		return Check(
			"go_live", WARN, sentence, _("Switch on Go Live in the settings when everything is ready."), route
		)
	sentence = (
		_("This site was restored from a backup older than its last messages; nothing is sent.")
		if live.reason == go_live.RESTORED
		else _("This site is a copy, or its address has changed; nothing is sent.")
	)
	fix = _(
		"Look at the messages that wait, so that nobody gets one twice. Then open the settings and choose Switch On Again."
	)
	return Check("go_live", BAD, sentence, fix, route)


def _provider(provider: FollowupProvider, now: datetime) -> Check:
	route = ("Form", PROVIDER, provider.name)
	try:
		lacking = provider_settings.missing(provider)
	except Exception:
		sentence = _("The secrets of {0} cannot be read.").format(provider.title)
		fix = _(
			"The encryption key in the site's configuration is not the one they were stored with. Put it back, or enter the secrets again."
		)
		return Check("providers", BAD, sentence, fix, route)
	if lacking:
		sentence = _("{0} is switched on, but something is missing ({1}).").format(provider.title, lacking)
		return Check("providers", BAD, sentence, _("Fill it in, then send a test to your own phone."), route)
	if provider.breaker_retry_at and provider.breaker_retry_at > now:
		sentence = _("{0} failed {1} times in a row (last error: {2}); it is tried again at {3}.").format(
			provider.title,
			provider.breaker_failures,
			provider.last_error_code or "–",
			format_datetime(provider.breaker_retry_at),
		)
		fix = _(
			"Messages wait meanwhile. Look into the service's own console, then send a test to your own phone."
		)
		return Check("providers", BAD, sentence, fix, route)
	has_secret = bool(provider.get_password("callback_secret", raise_exception=False))
	if provider_settings.entry_of(provider.provider).callback in ("key", "token") and not has_secret:
		sentence = _(
			"{0} can send, but its receipts and replies are refused: the secret of the callback is missing."
		)
		fix = _(
			"Enter the secret here and in the service's own console. Without it nobody can stop messages by a reply."
		)
		return Check("providers", WARN, sentence.format(provider.title), fix, route)
	if provider.breaker_failures:
		sentence = _("{0} has failed {1} times in a row (last error: {2}).").format(
			provider.title, provider.breaker_failures, provider.last_error_code or "–"
		)
		return Check(
			"providers",
			WARN,
			sentence,
			_("Messages go on by themselves. If it goes on failing, the provider is left alone for a while."),
			route,
		)
	return Check("providers", OK, _("{0} is ready.").format(provider.title), route=route)


def _stuck(live: go_live.State, now: datetime) -> Iterator[Check]:
	held = some(MESSAGE, {"status": "Sending", "claimed_until": ("<", now - LEASE_OVER)})
	if held:
		sentence = _("{0} messages are held by a sender that is gone.").format(counted(held))
		fix = _(
			"The dispatcher takes them back and asks the provider. If they stay, see the lines about the dispatcher."
		)
		yield Check("sending", BAD, sentence, fix, ("List", MESSAGE), {"status": "Sending"})
	overdue = some(MESSAGE, {"status": "Queued", "send_after": ("<", now - OVERDUE)})
	if overdue and live.live:
		sentence = _("{0} messages should have gone out more than an hour ago.").format(counted(overdue))
		fix = _("See the lines about providers, dispatcher and workers. What expires goes to a person.")
		yield Check("sending", BAD, sentence, fix, ("List", MESSAGE), {"status": "Queued"})
	unknown = some(MESSAGE, {"status": "Uncertain", "send_after": ("<", now - UNCERTAIN_FOR)})
	if unknown:
		sentence = _("Of {0} messages nobody knows whether they arrived; they are not sent again.").format(
			counted(unknown)
		)
		fix = _(
			"Look them up in the service's own console and settle them as sent or failed. The contacts have gone to people."
		)
		yield Check("sending", WARN, sentence, fix, ("List", MESSAGE), {"status": "Uncertain"})
	if not (held or (overdue and live.live) or unknown):
		yield Check("sending", OK, _("No message is stuck."), route=("List", MESSAGE))


def _receipts(now: datetime) -> Iterator[Check]:
	waiting = some(RECEIPT, {"status": "Waiting", "creation": ("<", now - OVERDUE)})
	if waiting > AT_MOST // 2:
		sentence = _("{0} receipts of providers belong to no message that is known here.").format(
			counted(waiting)
		)
		fix = _(
			"Another site may use the same account and this site's callback address. They are dropped after three days."
		)
		yield Check("receipts", WARN, sentence, fix, ("List", RECEIPT), {"status": "Waiting"})
