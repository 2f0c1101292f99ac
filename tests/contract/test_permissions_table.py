"""The permissions in the doctypes are those of the table, no more and no less."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.app_files import doctypes, fields, is_child
from tests.contract.rules_table import CELLS, LETTERS, MAY, OPERATIONS, ROLES

PARENTS = sorted(name for name in doctypes() if not is_child(name))
# A right that makes sense only together with another one.
NEEDS = {
	"share": "write",
	"email": "write",
	"import": "create",
	"amend": "cancel",
	"set_user_permissions": "create",
}
# The figures of the value tier: for supervisors and administrators only (rules.md).
VALUE_LEVEL = 2


def rows(doctype: str, role: str, level: int = 0) -> list[dict[str, Any]]:
	return [
		row
		for row in doctypes()[doctype]["permissions"]
		if row["role"] == role and row.get("permlevel", 0) == level
	]


def given(doctype: str, role: str, level: int = 0) -> frozenset[str]:
	return frozenset(
		right for row in rows(doctype, role, level) for right in LETTERS.values() if row.get(right)
	)


def test_the_table_names_every_doctype() -> None:
	assert set(MAY) == set(PARENTS)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("doctype", PARENTS)
def test_a_role_may_do_what_the_table_says(doctype: str, role: str) -> None:
	assert sorted(given(doctype, role)) == sorted(MAY[doctype][role])


@pytest.mark.parametrize("doctype", PARENTS)
def test_nobody_else_is_named(doctype: str) -> None:
	for role in {row["role"] for row in doctypes()[doctype]["permissions"]} - set(ROLES):
		assert doctype in OPERATIONS[role]
		assert given(doctype, role) == {"read"}


@pytest.mark.parametrize("doctype", PARENTS)
def test_each_role_has_one_row_per_level(doctype: str) -> None:
	for role in ROLES:
		for level in range(VALUE_LEVEL + 1):
			assert len(rows(doctype, role, level)) <= 1


@pytest.mark.parametrize("doctype", PARENTS)
def test_side_rights_follow_the_main_ones(doctype: str) -> None:
	for row in doctypes()[doctype]["permissions"]:
		for right, needed in NEEDS.items():
			assert not row.get(right) or row.get(needed), f"{row['role']}: {right} without {needed}"


@pytest.mark.parametrize("doctype", PARENTS)
def test_phone_and_diagnosis_are_open_to_the_roles_only(doctype: str) -> None:
	"""Level 1: who reads or changes the document reads or changes these; a reader by sharing does not."""
	levels = {field.get("permlevel", 0) for field in fields(doctype).values()}
	for role in ROLES:
		cell = set(CELLS[doctype][role]) if 1 in levels else set()
		expected = {"read", "write"} if cell & set("wc") else {"read"} if "r" in cell else set()
		assert given(doctype, role, level=1) == expected, role


@pytest.mark.parametrize("doctype", PARENTS)
def test_value_tier_is_hidden_from_specialists_and_doctors(doctype: str) -> None:
	for name, field in fields(doctype).items():
		if "value_tier" in name or name == "value_reasons":
			closed = all("read" not in MAY[doctype][role] for role in ROLES[:2])
			assert doctype == "Follow-up Policy Rule" or closed or field.get("permlevel") == VALUE_LEVEL
	for role in ROLES[:2]:
		assert given(doctype, role, VALUE_LEVEL) == frozenset()


def test_deeper_levels_are_not_used() -> None:
	levels = {field.get("permlevel", 0) for doctype in doctypes() for field in fields(doctype).values()}
	assert levels <= {0, 1, VALUE_LEVEL}
