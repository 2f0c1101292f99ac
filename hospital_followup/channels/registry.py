"""Which channels this site has, and which of them reach a given patient."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import frappe

from hospital_followup.engine.ports import Channel

HOOK = "followup_channels"
#: What adapters may ask of a patient: whoever asks them reads these fields.
ADDRESS_FIELDS = (
	*("mobile", "mobile_status", "caregiver_mobile", "caregiver_mobile_status", "date_of_birth"),
	*("email", "wechat_openid", "app_account", "home_address"),
)


def registered() -> dict[str, Channel]:
	"""Every channel adapter by channel name; of several apps that name the same channel the last installed one wins."""
	return {name: frappe.get_attr(paths[-1])() for name, paths in frappe.get_hooks(HOOK, default={}).items()}


def open_channels(settings: Mapping[str, Any], channels: Mapping[str, Channel]) -> frozenset[str]:
	"""The channels that are switched on and can be used, whoever the patient is."""
	switched_off = {row.channel for row in settings.get("channels") or () if not row.enabled}
	return frozenset(
		name for name, channel in channels.items() if name not in switched_off and channel.available()
	)


def usable_channels(
	patient: Mapping[str, Any],
	settings: Mapping[str, Any],
	*,
	consents: Collection[str] = (),
	channels: Mapping[str, Channel] | None = None,
) -> frozenset[str]:
	"""The channels that have an enabled adapter, an address of `patient` and, for messages, consent.

	`settings` is Follow-up Settings. `consents` are the channels that the patient agreed to for clinical messages, "All"
	for every one; without a consent a person may still call or visit, a message goes out only when the setting
	`messages_without_consent` allows it (clinical.md, section 1). Pass `channels` when asking for many patients.
	"""
	channels = registered() if channels is None else channels
	agreed = bool(settings.get("messages_without_consent")) or "All" in consents
	return frozenset(
		name
		for name in open_channels(settings, channels)
		if (agreed or name in consents or not channels[name].automatic) and channels[name].address_of(patient)
	)
