"""The policy that the app ships: the matrix of clinical.md §1.

S1 gives seven cells; the two marked `clinical_floor` are filled from the next higher value, so that no high or medium
risk is left without follow-up. First contact on day 2-3: AHRQ Project RED (48-72 h), US transitional care codes (two
business days).
"""

from __future__ import annotations

from hospital_followup.engine.facts import Policy, PolicyRule
from hospital_followup.engine.names import DOCTOR, SPECIALIST, TOPICS

_FOLLOW = ("Condition", "Guidance")
_REMIND = ("Condition", "Revisit")

STANDARD_POLICY = Policy(
	"Standard",
	1,
	(
		PolicyRule("High", "High", 1, "Week", 4, 2, "Phone", DOCTOR, TOPICS),
		PolicyRule("High", "Medium", 1, "Week", 2, 2, "Phone", DOCTOR, _FOLLOW),
		PolicyRule("High", "Low", 1, "Week", 2, 2, "Phone", DOCTOR, _FOLLOW, clinical_floor=True),
		PolicyRule("Medium", "High", 2, "Week", 2, 3, "Phone", SPECIALIST, TOPICS),
		PolicyRule("Medium", "Medium", 2, "Week", 1, 3, "WeChat", SPECIALIST, _FOLLOW),
		PolicyRule("Medium", "Low", 2, "Week", 1, 3, "WeChat", SPECIALIST, _FOLLOW, clinical_floor=True),
		PolicyRule("Low", "High", 1, "Month", 3, 7, "Phone", SPECIALIST, TOPICS),
		PolicyRule("Low", "Medium", 1, "Month", 2, 7, "WeChat", SPECIALIST, _REMIND),
		PolicyRule("Low", "Low", 1, "Month", 1, 7, "SMS", SPECIALIST, _REMIND),
	),
)
