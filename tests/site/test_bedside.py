"""Bedside preparation: what is asked before the patient goes home, who did it and when, and what follows from it."""

from __future__ import annotations

from typing import Any

import frappe
import pytest
from frappe.utils import now_datetime

from hospital_followup import contact_api
from hospital_followup.exceptions import InvalidValueError
from hospital_followup.services import bedside, bedside_consent
from hospital_followup.tests import factories as make
from hospital_followup.tests.factories import days_from_now as day
from tests.site.rights import SP

CONSENT = "Follow-up Consent"
PATIENT = "Follow-up Patient"
DISCHARGE = "Patient Discharge"


def prepare(patient: str, discharge: str | None = None, **answers: Any):
	return contact_api.prepare_bedside(patient, answers, discharge)


def consents(patient: str) -> list[tuple[str, str, bool]]:
	rows = frappe.get_all(
		CONSENT,
		filters={"patient": patient},
		fields=["purpose", "channel", "given_on"],
		order_by="purpose, channel",
	)
	return [(row.purpose, row.channel, bool(row.given_on)) for row in rows]


class TestNumber:
	def test_entered_again_confirms_it(self) -> None:
		patient = make.patient().name
		state = prepare(patient, way="Entered Again", number="138 0013 8000")
		assert (state["mobile_status"], state["phone_verified"]) == ("Verified", 1)
		doc = frappe.get_doc(PATIENT, patient)
		assert (doc.phone_verified_how, doc.phone_verified_by) == ("Entered Again", "Administrator")
		assert doc.phone_verified_on.date() == day()

	def test_a_test_call_needs_no_typing(self) -> None:
		patient = make.patient().name
		assert prepare(patient, way="Test Call")["mobile_status"] == "Verified"
		assert frappe.db.get_value(PATIENT, patient, "phone_verified_how") == "Test Call"

	def test_another_number_is_asked_once_more(self) -> None:
		patient = make.patient().name
		with pytest.raises(InvalidValueError, match=r"not the number on record \(138\*\*\*\*8000\)"):
			prepare(patient, way="Entered Again", number="13911112222")
		prepare(patient, way="Entered Again", number="13911112222", number_changed=1)
		assert frappe.db.get_value(PATIENT, patient, ["mobile", "mobile_status"]) == (
			"+8613911112222",
			"Verified",
		)

	@pytest.mark.parametrize(
		("answers", "sentence"),
		[
			({"way": "Entered Again"}, "as the patient says it"),
			({"way": "Entered Again", "number": "12"}, "no valid telephone number"),
			({"way": "Guess", "number": "13800138000"}, "no way to confirm"),
			({"number": "13800138000"}, "how the number was confirmed"),
		],
	)
	def test_what_confirms_nothing_is_refused(self, answers, sentence: str) -> None:
		patient = make.patient().name
		with pytest.raises(InvalidValueError, match=sentence):
			prepare(patient, **answers)
		assert frappe.db.get_value(PATIENT, patient, "prepared_on") is None

	def test_not_now_leaves_the_number_alone(self) -> None:
		patient = make.patient().name
		assert prepare(patient, preferred_slot="Evening")["mobile_status"] == "Unknown"


class TestConsent:
	def test_one_record_per_word_with_evidence(self) -> None:
		patient = make.patient().name
		words = {"Clinical": {"Phone": "Yes", "SMS": "Yes"}, "Promotion": {"SMS": "No"}}
		prepare(patient, purpose_explained=1, consents=words)
		assert consents(patient) == [
			("Clinical", "Phone", True),
			("Clinical", "SMS", True),
			("Promotion", "SMS", False),
		]
		evidence = frappe.get_all(CONSENT, filters={"patient": patient}, pluck="evidence", order_by="name")
		assert all("bedside" in text and "Administrator" in text for text in evidence)

	def test_the_same_word_everywhere_is_one_record(self) -> None:
		patient = make.patient().name
		everywhere = dict.fromkeys(bedside.CHANNELS, "Yes")
		prepare(patient, purpose_explained=1, consents={"Survey": everywhere})
		assert consents(patient) == [("Survey", "All", True)]

	def test_saying_it_again_writes_nothing(self) -> None:
		patient = make.patient().name
		words = {"Clinical": {"Phone": "Yes", "SMS": ""}}
		prepare(patient, purpose_explained=1, consents=words)
		prepare(patient, purpose_explained=1, consents=words)
		assert consents(patient) == [("Clinical", "Phone", True)]
		assert bedside_consent.standing(patient)["Clinical"]["Phone"] == "Yes"

	def test_changing_ones_mind(self) -> None:
		patient = make.patient().name
		prepare(patient, purpose_explained=1, consents={"Clinical": {"SMS": "Yes"}})
		prepare(patient, purpose_explained=1, consents={"Clinical": {"SMS": "No"}})
		assert bedside_consent.standing(patient)["Clinical"]["SMS"] == "No"

	def test_without_the_purpose_there_is_no_consent(self) -> None:
		patient = make.patient().name
		with pytest.raises(InvalidValueError, match="only when the purpose was explained"):
			prepare(patient, consents={"Clinical": {"SMS": "Yes"}})
		assert consents(patient) == []

	@pytest.mark.parametrize(
		"words", [{"Sales": {"SMS": "Yes"}}, {"Survey": {"Fax": "Yes"}}, {"Survey": {"SMS": "Maybe"}}]
	)
	def test_other_words_are_refused(self, words) -> None:
		with pytest.raises(InvalidValueError):
			prepare(make.patient().name, purpose_explained=1, consents=words)

	def test_who_refuses_everything_is_not_planned_for(self) -> None:
		make.standard_policy()
		stay = make.discharge()
		everywhere = dict.fromkeys(bedside.CHANNELS, "No")
		prepare(stay.patient, stay.name, purpose_explained=1, consents={"Clinical": everywhere})
		assert frappe.db.get_value(DISCHARGE, stay.name, ["decision", "decision_reason"]) == (
			"Excluded",
			"withdrawn",
		)


class TestListeners:
	def test_kept_and_said(self) -> None:
		patient = make.patient().name
		prepare(patient, caregiver_name="张敏", caregiver_relation="女儿", may_hear="The Caregiver")
		assert (
			bedside.may_hear_of(frappe.get_doc(PATIENT, patient))
			== "The patient and the caregiver 张敏 女儿."
		)

	@pytest.mark.parametrize("may_hear", ["The Caregiver", "The People Named"])
	def test_nobody_without_a_name(self, may_hear: str) -> None:
		with pytest.raises(InvalidValueError, match="Enter the name"):
			prepare(make.patient().name, may_hear=may_hear)

	def test_unasked_means_the_patient_only(self) -> None:
		assert "patient only" in bedside.may_hear_of(frappe.get_doc(PATIENT, make.patient().name))


class TestDischarges:
	def test_from_the_discharge(self) -> None:
		stay, other = make.discharge(), make.discharge()
		prepare(stay.patient, stay.name)
		assert [frappe.db.get_value(DISCHARGE, one.name, "bedside_prepared") for one in (stay, other)] == [
			1,
			0,
		]

	def test_before_there_is_one_the_discharge_takes_it_over(self) -> None:
		patient = make.patient().name
		prepare(patient)
		stay = make.discharge(patient, admission_date=day(-3))
		assert (stay.bedside_prepared, stay.bedside_prepared_on.date()) == (1, day())

	def test_not_that_of_an_earlier_stay(self) -> None:
		patient = make.patient().name
		prepare(patient)
		earlier = now_datetime().replace(year=now_datetime().year - 1)
		frappe.db.set_value(PATIENT, patient, "prepared_on", earlier)
		for fields in ({"admission_date": day(-3)}, {}):
			assert make.discharge(patient, discharge_date=day(-len(fields)), **fields).bedside_prepared == 0

	def test_not_another_patients_discharge(self) -> None:
		stay = make.discharge()
		with pytest.raises(InvalidValueError, match="another patient"):
			prepare(make.patient().name, stay.name)

	def test_the_list_finds_those_without(self) -> None:
		stay = make.discharge()
		without = {"name": stay.name, "bedside_prepared": 0}
		assert frappe.get_list(DISCHARGE, filters=without, pluck="name", order_by="name") == [stay.name]
		prepare(stay.patient, stay.name)
		assert frappe.get_list(DISCHARGE, filters=without, pluck="name", order_by="name") == []

	def test_the_card_opens_the_same_list(self) -> None:
		card = frappe.get_doc("Number Card", "Gone Home without Bedside Preparation")
		fields = {
			row[1]
			for row in frappe.parse_json(card.filters_json) + frappe.parse_json(card.dynamic_filters_json)
		}
		assert fields == {"bedside_prepared", "cancelled", "discharge_date"}


def test_the_dialog_starts_with_what_is_known(as_user) -> None:
	patient = make.patient(language="zh", preferred_slot="Morning").name
	with as_user(SP):
		form = contact_api.bedside_form(patient)
	assert form["known"]["preferred_slot"] == "Morning"
	assert form["language"] == "zh"
	assert form["number"] == "138****8000"
	assert "13800138000" not in frappe.as_json(form)


def test_the_text_to_read_out_is_complete_in_both_languages() -> None:
	texts = contact_api.bedside_form(make.patient().name)["purpose"]
	assert set(texts) == {"zh", "en"}
	assert len(texts["zh"]) == len(texts["en"]) == 5
	assert all("{" not in text and text.strip() for paragraphs in texts.values() for text in paragraphs)
	assert "120" in texts["zh"][-1]
	assert all(not text.isascii() for text in texts["zh"])
