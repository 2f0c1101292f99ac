"""What a patient agreed to and refused: the latest word counts, for many patients at once, and no is as easy as yes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import frappe
import pytest
from frappe.utils import now_datetime

from hospital_followup.engine.names import CHANNELS
from hospital_followup.services import consents, research_cohort
from hospital_followup.tests import factories as make
from tests.support.queries import count_queries

CONSENT = "Follow-up Consent"
PURPOSES = ("Clinical", "Survey", "Promotion", "Research")


def said(patient: str, purpose: str, channel: str, days_ago: int, *, yes: bool) -> None:
	at = now_datetime() - timedelta(days=days_ago)
	fields: dict[str, Any] = {"given_on": at} if yes else {"withdrawn_on": at}
	frappe.get_doc(
		{"doctype": CONSENT, "patient": patient, "purpose": purpose, "channel": channel, **fields}
	).insert()


def standing(patient: str, purpose: str = "Clinical") -> dict[str, bool | None]:
	return consents.standing_of([patient], purpose)[patient]


def words(patient: str) -> list[tuple[str, str, bool]]:
	rows = frappe.get_all(
		CONSENT,
		filters={"patient": patient},
		fields=["purpose", "channel", "withdrawn_on", "evidence"],
		order_by="creation, name",
	)
	assert all(row.evidence for row in rows)
	return sorted((row.purpose, row.channel, not row.withdrawn_on) for row in rows)


class TestStanding:
	def test_nobody_asked(self) -> None:
		assert standing(make.patient().name) == dict.fromkeys(CHANNELS)

	@pytest.mark.parametrize(
		("history", "expected"),
		[
			([("All", 3, True)], {"SMS": True, "Phone": True}),
			([("All", 3, True), ("SMS", 2, False)], {"SMS": False, "Phone": True}),
			([("SMS", 3, False), ("All", 2, True)], {"SMS": True, "Phone": True}),
			([("SMS", 2, True), ("All", 3, False)], {"SMS": True, "Phone": False}),
			([("WeChat", 2, True)], {"SMS": None, "WeChat": True}),
		],
	)
	def test_the_latest_word_about_a_channel_counts(
		self, history: list[Any], expected: dict[str, Any]
	) -> None:
		patient = make.patient().name
		for channel, days_ago, yes in history:
			said(patient, "Clinical", channel, days_ago, yes=yes)
		found = standing(patient)
		assert {channel: found[channel] for channel in expected} == expected

	def test_purposes_are_kept_apart(self) -> None:
		patient = make.patient().name
		said(patient, "Survey", "SMS", 1, yes=True)
		said(patient, "Promotion", "SMS", 1, yes=False)
		assert [standing(patient, purpose)["SMS"] for purpose in PURPOSES] == [None, True, False, None]

	def test_who_refuses_clinical_messages_gets_none_about_research(self) -> None:
		patient = make.patient().name
		said(patient, "Research", "All", 3, yes=True)
		said(patient, "Clinical", "SMS", 2, yes=False)
		found = standing(patient, "Research")
		assert (found["SMS"], found["WeChat"]) == (False, True)
		said(patient, "Research", "SMS", 1, yes=True)
		assert standing(patient, "Research")["SMS"] is True

	def test_many_patients_are_one_query(self) -> None:
		names = [make.patient().name for _each in range(5)]
		said(names[0], "Clinical", "SMS", 1, yes=True)
		assert count_queries(lambda: consents.standing_of(names, "Clinical")) == 1
		assert consents.standing_of([], "Clinical") == {}


class TestWord:
	def test_a_stop_ends_every_message_at_once_and_is_recorded_once(self) -> None:
		patient = make.patient().name
		consents.give(patient, "All", PURPOSES, evidence="signed form")
		assert all(standing(patient, purpose)["SMS"] for purpose in PURPOSES)
		names = consents.withdraw(patient, "SMS", evidence="reply to a message")
		assert len(names) == 3
		assert consents.withdraw(patient, "SMS", evidence="reply to a message") == []
		for purpose in PURPOSES:
			assert (standing(patient, purpose)["SMS"], standing(patient, purpose)["WeChat"]) == (False, True)

	def test_a_stop_leaves_the_consent_to_the_use_of_data(self) -> None:
		patient = make.patient().name
		consents.give(patient, "All", ["Research"], evidence="signed form")
		consents.withdraw(patient, evidence="on the page")
		assert patient in research_cohort.consenting_patients()
		consents.withdraw(patient, "All", ["Research"], evidence="said on the telephone")
		assert patient not in research_cohort.consenting_patients()

	def test_yes_after_no_is_one_call_as_well(self) -> None:
		patient = make.patient().name
		consents.withdraw(patient, "SMS", ["Clinical"], evidence="reply to a message")
		consents.give(patient, "SMS", ["Clinical"], evidence="said on the telephone")
		assert standing(patient)["SMS"] is True
		assert words(patient) == [("Clinical", "SMS", False), ("Clinical", "SMS", True)]

	def test_all_is_recorded_as_one_word(self) -> None:
		patient = make.patient().name
		consents.give(patient, "SMS", ["Survey"], evidence="signed form")
		consents.give(patient, "All", ["Survey"], evidence="signed form")
		assert words(patient) == [("Survey", "All", True), ("Survey", "SMS", True)]

	def test_contacts_are_planned_anew(self) -> None:
		make.standard_policy()
		patient = make.patient(mobile="13800138000").name
		discharge = make.discharge(patient)
		assert discharge.decision == "Planned"
		consents.withdraw(patient, "All", ["Survey"], evidence="on the page")
		assert frappe.db.get_value("Patient Discharge", discharge.name, "decision") == "Planned"
		consents.withdraw(patient, evidence="on the page")
		assert frappe.db.get_value("Patient Discharge", discharge.name, "decision") == "Excluded"

	@pytest.mark.parametrize(("channel", "purposes"), [("Pigeon", ["Clinical"]), ("SMS", ["Marketing"])])
	def test_what_is_no_channel_or_purpose_is_refused(self, channel: str, purposes: list[str]) -> None:
		patient = make.patient().name
		with pytest.raises(ValueError, match="per purpose and channel"):
			consents.withdraw(patient, channel, purposes, evidence="x")
		assert words(patient) == []
