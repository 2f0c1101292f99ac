"""Sites that were followed up before daily figures existed: the dispatcher counts all their days."""

from __future__ import annotations

from hospital_followup.services import figure_marks


def execute() -> None:
	figure_marks.add(figure_marks.every_day())
