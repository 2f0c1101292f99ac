"""Stays, contexts of a call, and scripts that are in use."""

from __future__ import annotations

from typing import Any

from hospital_followup.engine.facts import Diagnosis, Procedure
from hospital_followup.engine.relevance import Stay
from hospital_followup.services.call_context import CallContext
from tests.site.samples import saved

SCRIPT = "Follow-up Script"
HYPERTENSION = Diagnosis("I10.x00", "高血压病", True)
KNEE = Diagnosis("M17.1", "右膝骨关节炎", True)
OPERATED = Procedure("81.54", "右膝关节置换术", None)


def context(**values: Any) -> CallContext:
	known = {"stay": Stay(), "department": None, "channel": "Phone", "language": "zh", **values}
	return CallContext(**known)


def stay(*diagnoses: Diagnosis, **values: Any) -> Stay:
	return Stay(diagnoses=diagnoses, **{"age": 50, **values})


def also(diagnosis: Diagnosis) -> Diagnosis:
	return Diagnosis(diagnosis.code, diagnosis.title, False)


def in_use(**values: Any) -> str:
	"""A script in use, past the sign-off."""
	script = saved(SCRIPT, **values)
	script.db_set({"status": "Approved", "workflow_state": "Script Approved"})
	return script.name
