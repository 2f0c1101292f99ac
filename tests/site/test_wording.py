"""Every reason code that the engine or the services can give has a sentence, in both languages."""

from __future__ import annotations

import frappe
import pytest

from hospital_followup.engine.names import EXCLUSIONS, REASONS, WINDOWS_GONE
from hospital_followup.services.patient_stops import PATIENT_STOPS
from hospital_followup.services.wording import extend_bootinfo, sentence, sentences, sentences_of

CODES = (*REASONS, *EXCLUSIONS, WINDOWS_GONE, *PATIENT_STOPS.values(), "no_policy")


@pytest.mark.parametrize("code", CODES)
def test_a_code_is_never_shown_raw(code):
	assert sentence(code) != code and sentence(code).endswith(".")
	frappe.local.lang = "zh"
	assert sentence(code).endswith("。")


def test_words_of_a_person_stay_as_they_are():
	assert sentence("Moved to another town") == "Moved to another town"
	assert sentence(None) == ""


def test_a_stored_list_of_codes_becomes_a_list_of_sentences():
	assert sentences_of("merged, preference") == [sentence("merged"), sentence("preference")]


def test_the_desk_gets_them_at_boot():
	boot = frappe._dict()
	extend_bootinfo(boot)
	assert boot.followup_reasons == sentences()
