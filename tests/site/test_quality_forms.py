"""Quality reviews and trainings: scores computed, nobody reviews an own call, certificates that make sense."""

from __future__ import annotations

from typing import Any

import pytest
from frappe.utils import add_days, today

from hospital_followup.exceptions import InvalidPeriodError, InvalidValueError
from tests.site.samples import reviewer, sample, saved


def criterion(group: str, score: Any, weight: float = 1) -> dict[str, Any]:
	return {"criterion": f"{group} {score}", "group": group, "score": score, "weight": weight}


class TestReview:
	@pytest.mark.parametrize(
		("criteria", "scores"),
		[
			([criterion("Script", "5")], (100, 0, 0, 100)),
			([criterion("Script", "5", 2), criterion("Script", "2")], (80, 0, 0, 80)),
			(
				[criterion("Script", "5"), criterion("Content", "0"), criterion("Feedback", "4")],
				(100, 0, 80, 60),
			),
			([criterion("Script", "3", 3), criterion("Content", "5")], (60, 100, 0, 70)),
			([criterion("Script", "4"), criterion("Script", "")], (80, 0, 0, 80)),
			([criterion("Script", 0), criterion("Script", 5)], (50, 0, 0, 50)),
			([criterion("Feedback", "")], (0, 0, 0, 0)),
		],
	)
	def test_scores_are_percent_of_what_could_be_reached(
		self, criteria: list[dict[str, Any]], scores: tuple[float, ...]
	) -> None:
		review = saved("Quality Review", criteria=criteria)
		assert (review.script_score, review.content_score, review.feedback_score, review.total) == scores

	@pytest.mark.parametrize("weight", [0, -1])
	def test_a_weight_is_more_than_nothing(self, weight: float) -> None:
		with pytest.raises(Exception, match=r"weight|negative"):
			saved("Quality Review", criteria=[criterion("Script", "3", weight)])

	def test_takes_the_caller_and_the_patient_from_the_log(self) -> None:
		review = saved("Quality Review")
		assert review.staff == "Administrator"
		assert review.patient

	def test_nobody_reviews_an_own_call(self) -> None:
		with pytest.raises(InvalidValueError, match="Somebody else"):
			saved("Quality Review", reviewer="Administrator")

	def test_a_coaching_note_may_follow_later(self) -> None:
		review = saved("Quality Review")
		review.submit()
		review.coaching_note = "Warm opening; ask about medicines next time."
		review.save()
		assert review.docstatus == 1


class TestTraining:
	@pytest.mark.parametrize("hours", [0, None, 25])
	def test_takes_part_of_a_day(self, hours: float | None) -> None:
		with pytest.raises(InvalidValueError, match="hours"):
			saved("Follow-up Training", hours=hours)

	def test_lists_everyone_once(self) -> None:
		user = reviewer()
		with pytest.raises(InvalidValueError, match="listed twice"):
			saved("Follow-up Training", participants=[{"user": user}, {"user": user}])

	def test_a_certificate_begins_with_the_training(self) -> None:
		row = {"user": reviewer(), "passed": 1, "valid_until": add_days(today(), -30)}
		with pytest.raises(InvalidPeriodError, match="certificate"):
			saved("Follow-up Training", participants=[row])

	def test_who_did_not_pass_has_no_certificate(self) -> None:
		row = {"user": reviewer(), "passed": 0, "valid_until": add_days(today(), 365)}
		assert saved("Follow-up Training", participants=[row]).participants[0].valid_until is None

	def test_is_submitted_after_it_took_place(self) -> None:
		training = sample("Follow-up Training", held_on=add_days(today(), 1)).insert()
		with pytest.raises(InvalidPeriodError, match="not taken place"):
			training.submit()
