"""Which records belong to whom, doctype by doctype: what `permissions` goes by."""

from __future__ import annotations

from dataclasses import dataclass

from hospital_followup.engine.names import DOCTOR, ROLES, SPECIALIST, SUPERVISOR

ADMINISTRATOR = ROLES[-1]


@dataclass(frozen=True, slots=True)
class Scope:
	"""How the rows of one doctype belong to people.

	`mine`: fields that name the user whose record it is. `patient`: the field that names the patient, so that a patient
	in one's care is readable; empty where "own" is meant strictly. `own_roles`: roles that see their own and their
	department's records only. `personal`: for those roles not even the department's.
	"""

	mine: tuple[str, ...] = ()
	patient: str = "patient"
	own_roles: frozenset[str] = frozenset()
	personal: bool = False


OWN = frozenset({SPECIALIST})
PERSONAL = frozenset({SPECIALIST, DOCTOR})
ADMINISTRATORS = frozenset({ADMINISTRATOR})
SCOPES: dict[str, Scope] = {
	"Follow-up Patient": Scope(patient="name"),
	"Patient Discharge": Scope(),
	"Patient Tier": Scope(),
	"Patient Value": Scope(),
	"Follow-up Plan": Scope(),
	"Follow-up Task": Scope(mine=("assigned_to",), patient="", own_roles=OWN),
	"Follow-up Log": Scope(mine=("staff", "owner"), patient="", own_roles=OWN),
	"Follow-up Alert": Scope(mine=("assigned_to",)),
	"Follow-up Consent": Scope(),
	"Follow-up Message": Scope(),
	"Follow-up Revisit": Scope(),
	"Follow-up Survey": Scope(),
	"Programme Enrolment": Scope(),
	"Quality Review": Scope(mine=("staff",), patient="", own_roles=PERSONAL, personal=True),
	"Follow-up Training": Scope(patient="", own_roles=PERSONAL, personal=True),
	"Discharge Import": Scope(patient=""),
	"Follow-up Daily Figure": Scope(patient=""),
	"Follow-up Daily Total": Scope(patient=""),
	# One file may hold the data of every department: whoever asked for it, nobody else.
	"Follow-up Research Export": Scope(
		mine=("requested_by",), patient="", own_roles=ADMINISTRATORS, personal=True
	),
}
#: Links that lead to a record with a scope of its own.
LINKS = {
	"task": "Follow-up Task",
	"plan": "Follow-up Plan",
	"discharge": "Patient Discharge",
	"patient": "Follow-up Patient",
	"log": "Follow-up Log",
	"alert": "Follow-up Alert",
}
#: Rights that a role has in the doctype only because Frappe refuses Submit without Write and Cancel without Submit.
SURPLUS: dict[tuple[str, str], frozenset[str]] = {
	("Follow-up Log", "write"): frozenset(ROLES),
	("Follow-up Log", "submit"): frozenset({ADMINISTRATOR}),
	("Patient Tier", "write"): frozenset({DOCTOR, SUPERVISOR, ADMINISTRATOR}),
}
