"""The four roles. They are fixtures, imported again by force on every migration: what a hospital set on them is kept."""

from __future__ import annotations

import frappe

from hospital_followup.setup.content import fixture_names

#: Fields of Role that a hospital decides: two-factor login is a matter of its security, not of ours.
CHOICES = ("two_factor_auth", "home_page", "disabled")


def remember_choices() -> None:
	"""Before a migration: note what the hospital set on our roles."""
	frappe.flags.followup_role_choices = frappe.get_all(
		"Role", filters={"name": ("in", fixture_names("Role"))}, fields=["name", *CHOICES], order_by="name"
	)


def restore_choices() -> None:
	"""After a migration: set it again, where the fixtures have taken it away."""
	for role in frappe.flags.pop("followup_role_choices", None) or []:
		frappe.db.set_value(
			"Role", role.name, {field: role[field] for field in CHOICES}, update_modified=False
		)
