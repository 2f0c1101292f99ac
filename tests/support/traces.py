"""Where patients' words and numbers must not be found: error rows and log files."""

from __future__ import annotations

from pathlib import Path

import frappe
from frappe.deferred_insert import save_to_db


def found_in_error_rows(*secrets: str) -> list[str]:
	"""Secrets in Frappe's error log, with what still waits in Redis to be written there."""
	save_to_db()
	frappe.db.commit()  # reason: what the server has committed is seen by a new transaction
	rows = str(frappe.get_all("Error Log", fields=["*"], order_by="name"))
	return [secret for secret in secrets if secret in rows]


def found_in_files(*secrets: str) -> list[str]:
	"""Secrets in the log files of the bench and of the site."""
	folders = (Path(frappe.utils.get_bench_path(), "logs"), Path(frappe.get_site_path("logs")))
	texts = [
		path.read_text(errors="replace")
		for folder in folders
		if folder.is_dir()
		for path in folder.iterdir()
		if path.is_file()
	]
	return [secret for secret in secrets if any(secret in text for text in texts)]
