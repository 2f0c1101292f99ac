"""What alert rules, alerts and revisits accept."""

from __future__ import annotations

from typing import Any

import pytest
from frappe.utils import add_days, add_to_date, now_datetime, today

from hospital_followup.exceptions import InvalidPeriodError, InvalidValueError
from tests.site.samples import log, saved

ANSWER = {"fact": "Answer", "question_code": "pain_score", "operator": ">=", "value": "7"}


class TestRule:
	@pytest.mark.parametrize(
		("condition", "message"),
		[
			({"question_code": None}, "code of its question"),
			({"value": None}, "Enter a value"),
			({"value": "seven"}, "not a number"),
			({"operator": "Rises", "value": None}, "at least 2"),
			({"operator": "Falls", "value": None, "over_contacts": 1}, "at least 2"),
			({"operator": "Rises", "value": "much", "over_contacts": 3}, "not a number"),
		],
	)
	def test_is_refused_with_the_reason(self, condition: dict[str, Any], message: str) -> None:
		with pytest.raises(InvalidValueError, match=message):
			saved("Follow-up Alert Rule", conditions=[{**ANSWER, **condition}])

	@pytest.mark.parametrize(
		"condition",
		[
			{"operator": "Contains", "value": "bleeding, 出血"},
			{"operator": "Rises", "value": None, "over_contacts": 3},
			{"operator": "Rises", "value": "2", "over_days": 3},
			{"operator": "=", "value": "Yes"},
		],
	)
	def test_accepts(self, condition: dict[str, Any]) -> None:
		assert saved("Follow-up Alert Rule", conditions=[{**ANSWER, **condition}]).name

	def test_a_fact_that_is_no_answer_has_no_question(self) -> None:
		rule = saved(
			"Follow-up Alert Rule", conditions=[{**ANSWER, "fact": "Satisfaction", "operator": "<="}]
		)
		assert rule.conditions[0].question_code is None

	def test_without_conditions_it_cannot_be_switched_on(self) -> None:
		assert saved("Follow-up Alert Rule", conditions=[]).name
		with pytest.raises(InvalidValueError, match="never raise"):
			saved("Follow-up Alert Rule", conditions=[], enabled=1)

	def test_says_within_how_many_hours(self) -> None:
		with pytest.raises(InvalidValueError, match="hours"):
			saved("Follow-up Alert Rule", respond_within_hours=0)


class TestAlert:
	def test_is_open_and_raised_now(self) -> None:
		alert = saved("Follow-up Alert")
		assert (alert.status, alert.judgement) == ("Open", "")
		assert alert.raised_on

	def test_is_not_due_before_it_was_raised(self) -> None:
		with pytest.raises(InvalidPeriodError, match="due"):
			saved("Follow-up Alert", respond_by=add_to_date(now_datetime(), minutes=-5))


class TestRevisit:
	def test_attended_says_when(self) -> None:
		with pytest.raises(InvalidValueError, match="came back"):
			saved("Follow-up Revisit", status="Attended")

	def test_is_not_attended_tomorrow(self) -> None:
		with pytest.raises(InvalidPeriodError, match="not happened yet"):
			saved("Follow-up Revisit", status="Attended", attended_on=add_days(today(), 1))

	def test_what_was_attended_is_taken_back_with_the_status(self) -> None:
		revisit = saved("Follow-up Revisit", status="Attended", attended_on=today(), attributed_log=log())
		revisit.status = "Missed"
		revisit.save()
		assert (revisit.attended_on, revisit.attributed_log) == (None, None)
