"""An administrator changes how often to try, in the settings' form, and the next attempt shows it, with its reasons."""

from __future__ import annotations

from datetime import datetime, time

import frappe
import pytest
from frappe.utils import now_datetime

from hospital_followup import api
from hospital_followup.exceptions import InvalidValueError
from hospital_followup.services.retry_rules import call_rules
from hospital_followup.services.wording import sentences, sentences_of
from hospital_followup.tests import factories as make
from hospital_followup.tests.factories import days_from_now as day

TASK = "Follow-up Task"


def save_rules(*rows: dict) -> None:
	settings = frappe.get_doc("Follow-up Settings")
	settings.set("retry_rules", [])
	for row in rows:
		settings.append("retry_rules", row)
	settings.save()


def task(risk_tier: str = "Medium", **patient):
	plan = make.plan(make.patient(**patient).name, planned_contacts=2)
	make.task(plan, status="Scheduled", opens_on=day(7), due_date=day(7), expires_on=day(13))
	return make.task(plan, risk_tier=risk_tier)


def reasons(name: str) -> list[str]:
	return (frappe.db.get_value(TASK, name, "next_attempt_reasons") or "").split(",")


def test_without_rows_the_settings_count() -> None:
	assert [call_rules(tier).attempts for tier in ("High", "Medium", "Low", None)] == [3, 3, 3, 3]


def test_a_row_of_the_tier_then_one_for_every_tier_then_the_settings() -> None:
	save_rules({"risk_tier": "High", "attempts": 5, "attempt_days": 3})
	assert [call_rules(tier).attempts for tier in ("High", "Medium")] == [5, 3]
	save_rules({"risk_tier": "High", "attempts": 5}, {"attempts": 1, "attempt_days": 1})
	assert [call_rules(tier).attempts for tier in ("High", "Medium", None)] == [5, 1, 1]


def test_the_next_call_shows_it() -> None:
	high, low = task("High"), task("Low")
	save_rules({"risk_tier": "Low", "attempts": 1, "attempt_days": 1, "caregiver_attempts": 0})
	assert api.log_attempt(low.name, "No Answer")["status"] == "Missed"
	assert api.log_attempt(high.name, "No Answer")["status"] == "Open"


@pytest.mark.parametrize(
	("rows", "sentence"),
	[
		([{"attempts": 0}], "outside 1 to 20"),
		([{"attempts": 2, "attempt_days": 3}], "2 attempts cannot fall on 3 days"),
		([{"risk_tier": "Low", "attempts": 2}, {"risk_tier": "Low", "attempts": 3}], "a row for Low already"),
		([{"attempts": 2}, {"attempts": 3}], "a row for every tier already"),
	],
)
def test_rows_that_cannot_be_meant(rows, sentence: str) -> None:
	with pytest.raises(InvalidValueError, match=sentence):
		save_rules(*rows)


def test_the_reasons_are_kept_and_every_one_has_its_sentence() -> None:
	one = task(preferred_slot="Evening")
	api.log_attempt(one.name, "No Answer")
	codes = reasons(one.name)
	assert codes[0]
	assert set(codes) <= set(sentences())
	assert len(sentences_of(",".join(codes))) == len(codes)


def test_whose_time_it_is() -> None:
	promised, chosen = task(), task()
	at_three = str(datetime.combine(day(2), time(15)))
	api.log_attempt(promised.name, "Callback Requested", next_attempt_at=at_three)
	api.log_attempt(chosen.name, "No Answer", next_attempt_at=at_three)
	assert (reasons(promised.name), reasons(chosen.name)) == (["promised"], ["caller_chose"])


def test_the_reasons_go_when_the_contact_is_closed() -> None:
	one = task()
	api.log_attempt(one.name, "No Answer")
	api.log_attempt(one.name, "Reached Patient", identity_verified=True)
	assert reasons(one.name) == [""]


def test_a_patient_far_away_is_called_at_a_decent_hour_there() -> None:
	one = task(time_zone="America/New_York")
	state = api.log_attempt(one.name, "No Answer")
	assert state["next_attempt_at"] > now_datetime()
	assert "patient_time_zone" in reasons(one.name)
