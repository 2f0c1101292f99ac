"""Desk users for tests, with exactly the roles that are asked for."""

from __future__ import annotations

PASSWORD = "Follow-up-2026"


def make_user(
	*roles: str, email: str | None = None, language: str = "en", password: str | None = None
) -> str:
	"""Insert a desk user with these roles and return its name; an existing one is returned as it is."""
	import frappe

	email = email or f"{frappe.generate_hash(length=8)}@renhe.test"
	if not frappe.db.exists("User", email):
		user = frappe.new_doc("User")
		user.update({"email": email, "first_name": email.split("@")[0], "language": language})
		user.update({"send_welcome_email": 0, "user_type": "System User", "new_password": password})
		user.append_roles(*roles)
		user.insert()
	return email
