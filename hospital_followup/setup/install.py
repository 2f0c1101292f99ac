"""What Frappe calls when the app is installed or a site is migrated; both end with the same content.

A Workflow needs its states and actions, which are fixtures and come after `after_install`: everything is seeded in
`after_sync`, the last step of an installation.
"""

from __future__ import annotations

from hospital_followup.setup.roles import remember_choices, restore_choices
from hospital_followup.setup.seed import seed


def after_sync() -> None:
	seed()


def before_migrate() -> None:
	remember_choices()


def after_migrate() -> None:
	restore_choices()
	seed()
