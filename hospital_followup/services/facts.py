"""From the site's rows to the engine's facts. Empty means unknown: nothing here turns an empty field into 0 or "no"."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from frappe.utils import getdate

from hospital_followup.channels.registry import usable_channels
from hospital_followup.engine.model import (
	CHANNELS,
	Diagnosis,
	DischargeFacts,
	ExistingTask,
	PatientFacts,
	Procedure,
)
from hospital_followup.engine.ports import Channel
from hospital_followup.engine.scores import haemoglobin_in_g_dl


def discharge_facts(
	row: Mapping[str, Any], diagnoses: Iterable[Mapping[str, Any]], procedures: Iterable[Mapping[str, Any]]
) -> DischargeFacts:
	"""The engine's view of one Patient Discharge row (or unsaved document as a mapping) and its child rows."""
	admission, discharge = row.get("admission_date"), getdate(row["discharge_date"])
	haemoglobin = number(row.get("haemoglobin"))
	procedure_facts = tuple(
		Procedure(item.get("code") or "", item.get("title") or "", _day(item.get("performed_on")))
		for item in procedures
	)
	return DischargeFacts(
		id=row["name"],
		patient_id=row["patient"],
		discharge_date=discharge,
		admission_date=_day(admission),
		department=row.get("department") or None,
		company=row.get("company") or None,
		diagnoses=tuple(
			Diagnosis(item.get("code") or "", item.get("title") or "", bool(item.get("primary")))
			for item in diagnoses
		),
		procedures=procedure_facts,
		any_procedure=True if procedure_facts else yes_no(row.get("any_procedure")),
		disposition=row.get("disposition") or "Home",
		length_of_stay=stay_days(row),
		emergency_admission=yes_no(row.get("emergency_admission")),
		charlson=whole(row.get("charlson")),
		ed_visits=whole(row.get("ed_visits")),
		haemoglobin=None
		if haemoglobin is None
		else haemoglobin_in_g_dl(haemoglobin, row.get("haemoglobin_unit") or "g/dL"),
		sodium=number(row.get("sodium")),
		oncology=yes_no(row.get("oncology")),
		admissions_12m=whole(row.get("admissions_12m")),
		given_risk_tier=row.get("given_risk_tier") or None,
		cancelled=bool(row.get("cancelled")),
	)


def patient_facts(
	row: Mapping[str, Any],
	consents: Iterable[Mapping[str, Any]],
	settings: Any,
	channels: Mapping[str, Channel],
) -> PatientFacts:
	"""The engine's view of one Follow-up Patient row and its clinical consents; `channels` are the site's adapters."""
	given, opted_out = agreed_and_refused(consents)
	return PatientFacts(
		patient_id=row["name"],
		sex=row.get("sex") or None,
		date_of_birth=_day(row.get("date_of_birth")),
		special_care=bool(row.get("special_care")) and row.get("special_care") != "No",
		preferred_channel=row.get("preferred_channel") or None,
		reachable=usable_channels(row, settings, consents=given, channels=channels),
		opted_out=opted_out,
		status=row.get("status") or "Active",
	)


def agreed_and_refused(consents: Iterable[Mapping[str, Any]]) -> tuple[frozenset[str], frozenset[str]]:
	"""Channels that the patient agreed to, and those refused. The latest word about a channel counts, whether it was
	about that channel or about all of them."""
	latest: dict[str, tuple[Any, bool]] = {}
	for item in consents:
		said = (item["withdrawn_on"] or item["given_on"], bool(item["withdrawn_on"]))
		for channel in CHANNELS if item["channel"] == "All" else (item["channel"],):
			if channel not in latest or said[0] >= latest[channel][0]:
				latest[channel] = said
	refused = frozenset(channel for channel, (_at, withdrawn) in latest.items() if withdrawn)
	return frozenset(latest) - refused, refused


def existing_task(row: Mapping[str, Any], plan_key: str) -> ExistingTask:
	"""The engine's view of one Follow-up Task row with its `sources`: as its own plan wants it, whatever has joined it."""
	row = {**row, **before_joining(row)}
	own = [item for item in row["sources"] if item["plan"] in (None, "", row["plan"])]
	return ExistingTask(
		key=row["key"],
		status=row["status"],
		due_date=row["due_date"],
		opens_on=row["opens_on"],
		expires_on=row["expires_on"],
		# What was planned: attempts that went on by another channel are no change of the plan.
		channel=row["planned_channel"] or row["channel"],
		role=row["role"],
		topics=split(row["topics"]),
		sources=tuple(item["source"] for item in own),
		reasons=split(row["reasons"]),
		sequence=row["sequence"],
		script=row["script"],
		questionnaire=row["questionnaire"],
		completed_on=row["completed_on"],
		covers=tuple(f"{plan_key}|{item['source']}|{item['step_id']}|{item['anchor_date']}" for item in own),
		pinned=bool(row["pinned"]),
	)


def before_joining(row: Mapping[str, Any]) -> dict[str, Any]:
	"""The fields of a task as they were before contacts of another plan joined it; empty when none did.

	What a person has done since (moved the contact to another day) stays done.
	"""
	if not row["before_joining"]:
		return {}
	own = json.loads(row["before_joining"])
	own["expires_on"] = max(getdate(own["expires_on"]), getdate(row["due_date"]))
	if "rescheduled" in split(row["reasons"]) and "rescheduled" not in split(own["reasons"]):
		own["reasons"] = ", ".join([*split(own["reasons"]), "rescheduled"])
	return own


def stay_days(row: Mapping[str, Any]) -> float | None:
	"""Days in hospital: as entered, else counted from the admission."""
	given = number(row.get("length_of_stay"))
	if given is not None or not row.get("admission_date"):
		return given
	return float((getdate(row["discharge_date"]) - getdate(row["admission_date"])).days)


def admission_day(discharge_date: date, length_of_stay: object) -> date:
	"""The day of admission as far as the stay is known, else the day of discharge (preview.md)."""
	days = number(length_of_stay)
	return discharge_date if days is None else discharge_date - timedelta(days=int(days))


def number(text: object) -> float | None:
	"""The number in a validated text field; None when empty."""
	return None if text in (None, "") else float(str(text))


def whole(text: object) -> int | None:
	"""The whole number in a validated text field; None when empty."""
	value = number(text)
	return None if value is None else int(value)


def yes_no(text: object) -> bool | None:
	"""Yes → True, No → False, empty → None (unknown)."""
	return {"Yes": True, "No": False}.get(str(text or ""))


def split(text: str | None) -> tuple[str, ...]:
	"""The items of a comma-separated field."""
	return tuple(part.strip() for part in (text or "").split(",") if part.strip())


def _day(value: Any) -> date | None:
	return getdate(value) if value else None
