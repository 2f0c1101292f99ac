"""Complete the setup wizard of one site, as its first administrator would. Runs in the stack's Python."""

from __future__ import annotations

import sys

import frappe
from frappe.utils import now_datetime


def main(site: str) -> None:
	frappe.init(site=site)
	frappe.connect()
	# Enqueued follow-up work (module onboarding and the like) is done here; nobody else would do it.
	from frappe.desk.page.setup_wizard.setup_wizard import setup_complete

	year = now_datetime().year
	setup_complete(
		{
			"language": "English",
			"country": "China",
			"timezone": "Asia/Shanghai",
			"currency": "CNY",
			"full_name": "Administrator",
			"company_name": "Renhe Hospital",
			"company_abbr": "RH",
			"chart_of_accounts": "Standard",
			"fy_start_date": f"{year}-01-01",
			"fy_end_date": f"{year}-12-31",
			"enable_telemetry": 0,
		}
	)
	frappe.db.set_single_value("System Settings", "enable_onboarding", 0)
	frappe.db.commit()  # reason: a script of its own, not a request
	frappe.destroy()


if __name__ == "__main__":
	main(sys.argv[1])
