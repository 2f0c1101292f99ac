"""What is true about a message right now: read for a whole group in few queries, judged by the engine."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import frappe
from frappe.utils import get_system_timezone

from hospital_followup.channels.registry import registered
from hospital_followup.engine.attempt_times import Span
from hospital_followup.engine.names import OPEN_STATUSES
from hospital_followup.engine.outbox import WEEK, Guards
from hospital_followup.engine.ports import Channel
from hospital_followup.services import consents, locking
from hospital_followup.services.typed_text import read_time

MESSAGE, PATIENT, PLAN, TASK = (
	"Follow-up Message",
	"Follow-up Patient",
	"Follow-up Plan",
	"Follow-up Task",
)
SETTINGS = "Follow-up Settings"
#: What the guards ask, and what a channel may look at to find an address.
PATIENT_FIELDS = (
	"name",
	"patient_name",
	"status",
	"date_of_birth",
	"language",
	"time_zone",
	"company",
	"department",
	"mobile",
	"mobile_status",
	"caregiver_mobile",
	"caregiver_mobile_status",
	"email",
	"wechat_openid",
	"app_account",
	"home_address",
)
#: What may have reached the patient counts against the caps.
COUNTED = ("Sending", "Sent", "Delivered", "Uncertain")
#: Without a consent record only these follow the setting; nobody is advertised to, or studied, without having agreed.
WITHOUT_CONSENT = ("Clinical", "Survey")
#: Messages about a contact that took place; every other one is void once its contact is closed.
AFTERWARDS = ("After Contact", "Education", "Survey Invitation")


@dataclass(slots=True)
class Snapshot:
	"""Everything that the guards of a group of messages depend on."""

	now: datetime
	settings: Any
	patients: Mapping[str, frappe._dict]
	plans: Mapping[str, frappe._dict]
	tasks: Mapping[str, frappe._dict]
	agreed: Mapping[tuple[str, str], Mapping[str, bool | None]]
	channels: Mapping[str, Channel]
	switched_off: frozenset[str]
	quiet: Span | None
	site_zone: ZoneInfo
	sent: defaultdict[str, list[datetime]] = field(default_factory=lambda: defaultdict(list))
	zones: dict[str, ZoneInfo] = field(default_factory=dict)
	addresses: dict[tuple[str, str], str | None] = field(default_factory=dict, repr=False)

	def guards(
		self, row: Mapping[str, Any], *, live: bool = True, provider_ready_at: datetime | None = None
	) -> Guards:
		"""The guards of one message; its times have to be compared in the site's zone (`at_site`)."""
		patient = self.patients.get(row["patient"])
		if patient is None:
			return Guards(patient_status="Merged")
		channel, plan = self.channels.get(row["channel"]), self._plan(row)
		return Guards(
			patient_status=patient.status or "Active",
			plan_ended="plan_stopped" if plan and plan.status == "Stopped" else None,
			on_hold="plan_paused" if plan and plan.status == "Paused" else None,
			contact_closed=self._is_closed(row),
			consent=self.agreed.get((row["patient"], row["purpose"]), {}).get(row["channel"]),
			without_consent=row["purpose"] in WITHOUT_CONSENT
			and bool(self.settings.messages_without_consent),
			has_address=self.address(row) is not None,
			channel_enabled=channel is not None and row["channel"] not in self.switched_off,
			live=live,
			sent=tuple(self.sent[row["patient"]]),
			per_day=self.settings.messages_per_day,
			per_week=self.settings.messages_per_week,
			capped=not row.get("task"),
			provider_ready_at=provider_ready_at,
			quiet=self.quiet,
			zone=self._zone(patient.time_zone),
		)

	def address(self, row: Mapping[str, Any]) -> str | None:
		"""Where the message would go as things stand now."""
		key = (row["channel"], row["patient"])
		if key not in self.addresses:
			channel, patient = self.channels.get(row["channel"]), self.patients.get(row["patient"])
			self.addresses[key] = channel.address_of(patient) if channel and patient else None
		return self.addresses[key]

	def at_site(self, moment: datetime) -> datetime:
		"""A time of the database as an instant: clocks of patient and site differ, and change twice a year."""
		return moment.replace(tzinfo=self.site_zone)

	def in_database(self, moment: datetime) -> datetime:
		return moment.astimezone(self.site_zone).replace(tzinfo=None)

	def count(self, patient: str) -> None:
		"""One more message to this patient is on its way."""
		self.sent[patient].append(self.at_site(self.now))

	def _plan(self, row: Mapping[str, Any]) -> frappe._dict | None:
		task = self.tasks.get(row.get("task") or "")
		return self.plans.get(row.get("plan") or (task and task.plan) or "")

	def _is_closed(self, row: Mapping[str, Any]) -> bool:
		if not row.get("task") or row.get("occasion") in AFTERWARDS:
			return False
		task = self.tasks.get(row["task"])
		return task is None or task.status not in OPEN_STATUSES

	def _zone(self, name: str | None) -> ZoneInfo | None:
		if not name:
			return None
		if name not in self.zones:
			self.zones[name] = ZoneInfo(name)
		return self.zones[name]


def read(rows: Sequence[Mapping[str, Any]], now: datetime, *, settings: Any = None) -> Snapshot:
	"""What the guards of `rows` of Follow-up Message depend on, at `now` on the site's clock."""
	settings = settings or frappe.get_cached_doc(SETTINGS)
	patients = _by_name(PATIENT, PATIENT_FIELDS, (row["patient"] for row in rows))
	tasks = _by_name(TASK, ["name", "status", "plan"], (row.get("task") for row in rows))
	plans = {*(row.get("plan") for row in rows), *(task.plan for task in tasks.values())}
	quiet_from, quiet_to = read_time(settings, "quiet_from"), read_time(settings, "quiet_to")
	found = Snapshot(
		now=now,
		settings=settings,
		patients=patients,
		plans=_by_name(PLAN, ["name", "status"], plans),
		tasks=tasks,
		agreed=_agreed(rows),
		channels={name: channel for name, channel in registered().items() if channel.automatic},
		switched_off=frozenset(row.channel for row in settings.channels if not row.enabled),
		quiet=(quiet_from, quiet_to) if quiet_from and quiet_to else None,
		site_zone=ZoneInfo(get_system_timezone()),
	)
	for row in _recent(patients, now):
		found.sent[row.patient].append(found.at_site(row.tried_at))
	return found


def guards_of(rows: Sequence[Mapping[str, Any]], now: datetime) -> dict[str, Guards]:
	"""The guards of `rows` by name."""
	found = read(rows, now)
	return {row["name"]: found.guards(row) for row in rows}


def _agreed(rows: Sequence[Mapping[str, Any]]) -> dict[tuple[str, str], Mapping[str, bool | None]]:
	patients: defaultdict[str, set[str]] = defaultdict(set)
	for row in rows:
		patients[row["purpose"]].add(row["patient"])
	return {
		(patient, purpose): standing
		for purpose, names in patients.items()
		for patient, standing in consents.standing_of(sorted(names), purpose).items()
	}


def _recent(patients: Iterable[str], now: datetime) -> list[frappe._dict]:
	"""When messages went out that count against the caps: those that belong to a contact do not (clinical.md, section 1)."""
	names = sorted(patients)
	if not names:
		return []
	marks, statuses = (", ".join(["%s"] * len(items)) for items in (names, COUNTED))
	statement = (
		f"SELECT `patient`, `tried_at` FROM `tab{MESSAGE}` WHERE `patient` IN ({marks}) AND `tried_at` > %s"
		f" AND `tried_at` <= %s AND `status` IN ({statuses}) AND `task` IS NULL ORDER BY `patient`, `tried_at`"
	)
	values = [*names, now - WEEK - timedelta(days=1), now, *COUNTED]
	return frappe.db.sql(statement, values, as_dict=True)  # reason: 4 x faster than the query builder


def _by_name(doctype: str, fields: Sequence[str], names: Iterable[str | None]) -> dict[str, frappe._dict]:
	return {row.name: row for row in locking.rows(doctype, fields, filter(None, names))}
