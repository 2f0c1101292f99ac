"""Who wrote back: the patients behind a number or an account, and which of them was written to last."""

from __future__ import annotations

from collections.abc import Sequence

import frappe

from hospital_followup.services.message_guards import COUNTED
from hospital_followup.services.phone import international

PATIENT = "Follow-up Patient"
MESSAGE = "Follow-up Message"
#: Where the address of a channel is kept.
ADDRESS_FIELD = {
	"SMS": "mobile",
	"WeChat": "wechat_openid",
	"Email": "email",
	"App Push": "app_account",
}
CAREGIVER_FIELD = "caregiver_mobile"


def patients_of(channel: str, address: str) -> list[str]:
	"""The patients whom we write to at `address`, in the order of their names; none for a stranger.

	A caregiver's number stands for the patient only when something was sent to it. Merged records have moved on.
	"""
	written = _ways_to_write(channel, address)
	if not written:
		return []
	found = set(_with(ADDRESS_FIELD[channel], written))
	if channel == "SMS":
		found.update(_written_to(_with(CAREGIVER_FIELD, written), channel, written))
	return sorted(found)


def last_message(patients: Sequence[str], channel: str) -> frappe._dict | None:
	"""The last message that went to one of `patients` by `channel`: that is what somebody answers to."""
	table = frappe.qb.DocType(MESSAGE)
	rows = (
		frappe.qb.from_(table)
		.select(table.name, table.patient, table.plan, table.task)
		.where(table.patient.isin(list(patients)) & (table.channel == channel))
		.where(table.status.isin(COUNTED))
		.orderby(table.tried_at, order=frappe.qb.desc)
		.orderby(table.creation, order=frappe.qb.desc)
		.orderby(table.name)
		.limit(1)
		.run(as_dict=True)
	)
	return rows[0] if rows else None


def _ways_to_write(channel: str, address: str) -> list[str]:
	"""The forms in which `address` may be on record."""
	typed = address.strip()
	if channel != "SMS":
		return [typed] if typed else []
	country = frappe.get_cached_doc("Follow-up Settings").default_country_code
	found, valid = international(typed, country)
	if not valid:
		found, valid = international(
			f"+{typed.lstrip('+')}", country
		)  # 8613800138000, as some services say it
	return sorted({typed, found} - {"", None}) if valid else [typed] if typed else []


def _with(field: str, values: Sequence[str]) -> list[str]:
	return frappe.get_all(
		PATIENT,
		filters={field: ("in", list(values)), "status": ("!=", "Merged")},
		pluck="name",
		order_by="name",
	)


def _written_to(patients: Sequence[str], channel: str, addresses: Sequence[str]) -> list[str]:
	"""Those of `patients` to whom something went out at one of `addresses`."""
	if not patients:
		return []
	return frappe.get_all(
		MESSAGE,
		filters={
			"patient": ("in", list(patients)),
			"channel": channel,
			"recipient": ("in", list(addresses)),
			"status": ("in", COUNTED),
		},
		pluck="patient",
		order_by="patient",
		distinct=True,
	)
