"""The hospital's telephone system, if an app brings one."""

from __future__ import annotations

import frappe

from hospital_followup.engine.ports import Telephony

HOOK = "followup_telephony"


def telephony() -> Telephony | None:
	"""The adapter to call with: of the last installed app that has one which is available now; None without any."""
	for path in reversed(frappe.get_hooks(HOOK, default=[])):
		adapter: Telephony = frappe.get_attr(path)()
		if adapter.available():
			return adapter
	return None
