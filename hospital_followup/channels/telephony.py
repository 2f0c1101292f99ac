"""The hospital's telephone system, if an app brings one."""

from __future__ import annotations

import frappe

from hospital_followup.engine.ports import Telephony

HOOK = "followup_telephony"


def telephony() -> Telephony | None:
	"""The adapter to call with: of the last installed app that has one which is available now; None without any.

	One that fails while it is asked counts as not available: everybody's desk asks when it starts.
	"""
	for path in reversed(frappe.get_hooks(HOOK, default=[])):
		try:
			adapter: Telephony = frappe.get_attr(path)()
			if adapter.available():
				return adapter
		except Exception as error:
			frappe.logger("hospital_followup").warning("%s cannot be used (%s)", path, type(error).__name__)
	return None
