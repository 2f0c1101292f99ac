"""Who may do what: the table of the specification (rules.md), as data.

r read, w write, c create, s submit, x cancel, d delete, e export; in the order specialist, doctor, supervisor,
administrator. "own" and "sign-off" are record-level rules and workflow steps, tested on a site.
"""

from __future__ import annotations

ROLES = ("Follow-up Specialist", "Follow-up Doctor", "Follow-up Supervisor", "Follow-up Administrator")
NOBODY = "-"

_TABLE = {
	"Follow-up Patient": "rwc rwc rwce rwcde",
	"Patient Discharge": "rwc rwc rwce rwcde",
	"Patient Tier": "- rcs rcse rcsxe",
	"Patient Value": "- - re rwce",
	"Follow-up Policy, Care Pathway, Tier Rule, Follow-up Alert Rule, Message Template, Follow-up Questionnaire": (
		"r r r rwcde"
	),
	"Follow-up Script, Care Content": "r rw rwc rwcde",
	"Follow-up Plan": "r rw rwe rwcde",
	"Follow-up Task": "rw rw rwe rwcde",
	"Follow-up Log": "rcs rcs rcsxe rxe",
	"Follow-up Message, Follow-up Survey": "r r re rwe",
	"Follow-up Consent": "rwc rwc rwce rwcde",
	"Follow-up Alert": "rc rw rwe rwcde",
	"Follow-up Revisit": "rwc rwc rwce rwcde",
	"Quality Review, Follow-up Training": "r r rwcse re",
	"Follow-up Staff, Follow-up Calendar, Duty Roster": "r r rwc rwcd",
	"Follow-up Settings, Follow-up Department": "r r r rwc",
	# Not in the specification's table; decided in docs/decisions.md.
	"Programme Enrolment": "rwc rwc rwce rwcde",
	"Programme Rule": "r r r rwcde",
	"Discharge Import": "- - rwce rwcde",
	"Follow-up Daily Figure, Follow-up Daily Total": "- - re re",
	"Follow-up Changed Day": "- - - r",
	"Follow-up Research Export": "- - - rwc",
	"Follow-up Run": "- - r rde",
	"Follow-up Receipt": "- - - r",
	"Follow-up Provider": "- - r rwcd",
}

LETTERS = {
	"r": "read",
	"w": "write",
	"c": "create",
	"s": "submit",
	"x": "cancel",
	"d": "delete",
	"e": "export",
}
# Frappe refuses a doctype that allows to submit without writing, or to cancel without submitting.
IMPLIED = {"s": "w", "x": "sw"}

# The letters as they are written; and what follows from them for Frappe.
CELLS: dict[str, dict[str, str]] = {
	name: dict(zip(ROLES, cells.split(), strict=True))
	for names, cells in _TABLE.items()
	for name in names.split(", ")
}
MAY: dict[str, dict[str, frozenset[str]]] = {
	doctype: {
		role: frozenset(
			LETTERS[right]
			for letter in cell
			if letter != NOBODY
			for right in letter + IMPLIED.get(letter, "")
		)
		for role, cell in cells.items()
	}
	for doctype, cells in CELLS.items()
}
# The people who run the site read what they need for it; none of it is about a patient.
OPERATIONS = {"System Manager": {"Follow-up Run", "Follow-up Settings"}}
