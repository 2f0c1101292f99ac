"""The files that show the formats of policies and pathways (the specification's own examples)."""

from __future__ import annotations

from typing import Any

HEAD = "patient_id,discharge_date,risk_tier,value_tier,diagnosis,department\n"
ROW = HEAD + "P1,2026-11-02,{risk},{value},K80.2,Surgery\n"

RULE: dict[str, Any] = {
	"risk_tier": "High",
	"value_tier": "High",
	"interval": 1,
	"interval_unit": "Week",
	"contacts": 4,
	"first_contact_day": 2,
	"channel": "Phone",
	"role": "Follow-up Doctor",
	"topics": ["Condition", "Guidance", "Revisit", "Care"],
}
# The two files that show the formats in the specification.
POLICY: dict[str, Any] = {
	"title": "Standard",
	"version": 1,
	"rules": [
		RULE,
		{
			"risk_tier": "Low",
			"value_tier": "Low",
			"interval": 1,
			"interval_unit": "Month",
			"contacts": 1,
			"first_contact_day": 7,
			"channel": "SMS",
			"role": "Follow-up Specialist",
			"topics": ["Condition", "Revisit"],
		},
	],
}
PATHWAYS: dict[str, Any] = {
	"pathways": [
		{
			"title": "Post-operative",
			"version": 1,
			"anchor": "Discharge",
			"applies": {
				"diagnoses": ["Z48", "K80"],
				"departments": ["Surgery"],
				"sex": None,
				"age_from": None,
				"age_to": None,
			},
			"steps": [
				{
					"id": "day2",
					"offset": 2,
					"offset_unit": "Day",
					"window_days": 1,
					"topics": ["Condition"],
					"channel": "Phone",
					"role": "Follow-up Specialist",
				},
				{
					"id": "week1",
					"offset": 1,
					"offset_unit": "Week",
					"window_days": 3,
					"topics": ["Condition", "Guidance"],
				},
				{
					"id": "monthly",
					"offset": 1,
					"offset_unit": "Month",
					"repeat_every": 1,
					"repeat_unit": "Month",
					"repeat_count": 3,
					"window_days": 7,
					"topics": ["Guidance", "Revisit"],
				},
			],
		}
	]
}
