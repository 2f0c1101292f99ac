"""Every cell of "Who may do what" (rules.md), asked of Frappe's permission API for real users and records."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import frappe
import pytest

from tests.contract.rules_table import CELLS, LETTERS
from tests.site.rights import (
	DOCTYPES,
	OWN,
	OWN_ROLES,
	PATIENT_DOCTYPES,
	PERSONAL,
	ROLES,
	SUBMITTABLE,
	allowed,
	department,
	person,
	record,
)

#: Letters by doctype: what a role may do, or what a user was found to be able to do.
Rights = dict[str, str]


def table(role: str, doctypes: Iterable[str] = DOCTYPES) -> Rights:
	"""The column of `role`, letters in one order."""
	return {doctype: "".join(filter(CELLS[doctype][role].__contains__, LETTERS)) for doctype in doctypes}


def found(
	user: str, values_of: Callable[[str], dict[str, object]], doctypes: Iterable[str] = DOCTYPES
) -> Rights:
	"""What `user` can really do with a record of each doctype that has the values of `values_of(doctype)`."""
	return {doctype: _letters(user, doctype, values_of(doctype)) for doctype in doctypes}


def _letters(user: str, doctype: str, values: dict[str, object]) -> str:
	letters = ""
	# What can be submitted is written, by the table's meaning, once it is submitted; before that it is being made.
	for docstatus, asked in ((0, "rcsde"), (1, "wx")) if doctype in SUBMITTABLE else ((0, "rwcde"),):
		doc = record(doctype, docstatus=docstatus, **values)
		letters += "".join(letter for letter in asked if allowed(doc, LETTERS[letter], user))
	return "".join(filter(letters.__contains__, LETTERS))


def of_a_person(doctype: str, user: str) -> dict[str, object]:
	"""The values that make a record somebody's own."""
	if doctype == "Follow-up Training":
		return {"participants": [{"user": user}]}
	return {OWN[doctype]: user} if doctype in OWN else {}


@pytest.mark.parametrize("role", ROLES)
def test_the_central_team_has_the_rights_of_its_role(role: str) -> None:
	user = person(role)
	assert found(user, lambda doctype: of_a_person(doctype, user)) == table(role)


@pytest.mark.parametrize("role", ROLES)
def test_the_central_team_has_them_on_what_others_made(role: str) -> None:
	user, colleague = person(role), person(role)
	expected = table(role)
	for doctype in PERSONAL:
		if role in OWN_ROLES[doctype]:
			# To make one of one's own is no right on another's.
			expected[doctype] = "".join(filter("c".__contains__, expected[doctype]))
	assert found(user, lambda doctype: of_a_person(doctype, colleague)) == expected


@pytest.mark.parametrize("role", ROLES)
def test_a_department_has_them_on_its_own_records(role: str) -> None:
	surgery = department("Surgery")
	user, colleague = person(role, departments=(surgery,)), person(role)
	doctypes = [doctype for doctype in PATIENT_DOCTYPES if doctype not in PERSONAL]
	rights = found(user, lambda doctype: {"department": surgery, **of_a_person(doctype, colleague)}, doctypes)
	assert rights == table(role, doctypes)


@pytest.mark.parametrize("role", ROLES)
def test_a_department_has_none_on_those_of_another(role: str) -> None:
	user = person(role, departments=(department("Surgery"),))
	cardiology = department("Cardiology")
	rights = found(user, lambda doctype: {"department": cardiology}, PATIENT_DOCTYPES)
	# Export is a right on a whole doctype: what is exported is the list, where another department's rows are missing.
	assert {doctype: letters.replace("e", "") for doctype, letters in rights.items()} == dict.fromkeys(
		rights, ""
	)


@pytest.mark.parametrize("role", ROLES)
def test_what_is_given_to_a_person_is_theirs_in_another_department_too(role: str) -> None:
	user = person(role, departments=(department("Surgery"),))
	elsewhere = department("Cardiology")
	doctypes = [doctype for doctype in DOCTYPES if of_a_person(doctype, user) and "r" in CELLS[doctype][role]]
	rights = found(user, lambda doctype: {"department": elsewhere, **of_a_person(doctype, user)}, doctypes)
	# A new record is made in one's own department: nobody adds work to another.
	assert rights == {doctype: letters.replace("c", "") for doctype, letters in table(role, doctypes).items()}


def test_a_user_without_a_role_of_ours_has_no_right() -> None:
	nothing = dict.fromkeys(DOCTYPES, "")
	assert found(person(), lambda doctype: {}) == nothing
	assert found(person("System Manager"), lambda doctype: {}) == {
		**nothing,
		# The hospital's IT reads whether jobs run and what is set, nothing about patients.
		"Follow-up Run": "r",
		"Follow-up Settings": "r",
	}
	assert found("Guest", lambda doctype: {}) == nothing


def test_every_doctype_of_the_app_is_in_the_table() -> None:
	filters = {"module": "Hospital Followup", "istable": 0}
	assert sorted(DOCTYPES) == frappe.get_all("DocType", filters=filters, pluck="name", order_by="name")
