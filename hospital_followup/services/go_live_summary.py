"""What would go out if sending were switched on now: for the person who is about to do it."""

from __future__ import annotations

from collections import Counter
from typing import Any

import frappe
from frappe.utils import now_datetime

from hospital_followup.services import go_live, health_messages, provider_settings
from hospital_followup.services.health_check import OK

MESSAGE = "Follow-up Message"
#: Messages looked at; a hospital that has more in the queue need not know exactly how many.
AT_MOST = 1_000


def summary() -> dict[str, Any]:
	"""The state of the switch, what waits by channel and occasion (at most AT_MOST messages), and what is not in order.

	`refused` counts the messages whose text no provider of their channel carries: they do not go out.
	"""
	state = go_live.state()
	rows = frappe.get_all(
		MESSAGE,
		filters={"status": "Queued"},
		fields=["channel", "occasion", "send_after", "expires_at", "provider_template", "provider"],
		order_by="send_after asc",
		limit=AT_MOST + 1,
	)
	now = now_datetime()
	valid = [row for row in rows[:AT_MOST] if not row.expires_at or row.expires_at > now]
	providers = provider_settings.switched_on()
	going = [
		row
		for row in valid
		if row.channel not in providers or provider_settings.carriers(row, providers[row.channel])
	]
	waiting = Counter((row.channel, row.occasion or "") for row in going)
	return {
		"live": state.live,
		"reason": state.reason,
		"waiting": [
			{"channel": channel, "occasion": occasion, "count": count}
			for (channel, occasion), count in sorted(waiting.items())
		],
		"at_once": sum(row.send_after <= now for row in going),
		"expired": len(rows[:AT_MOST]) - len(valid),
		"refused": len(valid) - len(going),
		"more": len(rows) > AT_MOST,
		"problems": [
			check.sentence
			for check in health_messages.checks()
			if check.level != OK and check.code != "go_live"
		],
	}
