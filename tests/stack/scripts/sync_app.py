"""Bring one site up to the checkout: what `bench migrate` does, for our app alone. Runs in the stack's Python."""

from __future__ import annotations

import sys

import frappe

APP = "hospital_followup"


def main(site: str) -> None:
	frappe.init(site=site)
	frappe.connect()
	from frappe.core.doctype.scheduled_job_type.scheduled_job_type import sync_jobs
	from frappe.model.sync import sync_for
	from frappe.modules.utils import sync_customizations
	from frappe.utils.dashboard import sync_dashboards
	from frappe.utils.fixtures import sync_fixtures

	frappe.clear_cache()
	frappe.flags.in_migrate = True
	sync_for(APP, force=True, reset_permissions=True)
	sync_jobs()
	sync_fixtures(APP)
	sync_dashboards(APP)
	sync_customizations(APP)
	for method in frappe.get_hooks("after_migrate", app_name=APP):
		frappe.get_attr(method)()
	frappe.clear_cache()
	frappe.db.commit()  # reason: a script of its own, not a request
	frappe.destroy()


if __name__ == "__main__":
	main(sys.argv[1])
