"""The forecast for other programs: one JSON object, its codes in English whatever the language."""

from __future__ import annotations

import json

from hospital_followup.engine.simulation import Day
from hospital_followup.preview.discharges import Rejection
from hospital_followup.preview.forecast import Forecast, Planned
from hospital_followup.preview.language import say


def render_json(forecast: Forecast, language: str) -> str:
	return json.dumps(
		{
			"policy": forecast.policy,
			"discharges": forecast.discharges,
			"planned": forecast.planned,
			"excluded": len(forecast.exclusions),
			"rejected": len(forecast.rejections),
			"contacts": [_contact(planned) for planned in forecast.contacts],
			"exclusions": [
				{"patient_id": patient_id, "reason": reason} for patient_id, reason in forecast.exclusions
			],
			"rejections": [
				{
					"line": rejection.line,
					"column": rejection.column,
					"message": message(rejection, language),
				}
				for rejection in forecast.rejections
			],
			"workload": [_day(day) for day in forecast.workload()],
		},
		ensure_ascii=False,
		indent=1,
	)


def message(rejection: Rejection, language: str) -> str:
	"""All problems of a row in one text, the first one first."""
	text = say(language, rejection.problem.code, *rejection.problem.values)
	for column, problem in rejection.others:
		text = say(language, "also", text, column, problem)
	return text


def _contact(planned: Planned) -> dict[str, object]:
	contact = planned.contact
	return {
		"patient_id": planned.patient_id,
		"sequence": contact.sequence,
		"due_date": contact.due_date.isoformat(),
		"opens_on": contact.opens_on.isoformat(),
		"expires_on": contact.expires_on.isoformat(),
		"channel": contact.channel,
		"role": contact.role,
		"risk_tier": planned.risk_tier,
		"value_tier": planned.value_tier,
		"sources": list(contact.sources),
		"topics": list(contact.topics),
		"reasons": list(planned.reasons),
	}


def _day(day: Day) -> dict[str, object]:
	return {
		"date": day.date.isoformat(),
		"contacts": day.contacts,
		"by_role": dict(day.by_role),
		"by_channel": dict(day.by_channel),
	}
