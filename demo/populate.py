"""Runs in the stack's Python: fill the demo site, write down for the runner who may sign in and what was made."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import frappe

from demo.data import PASSWORD, populate
from demo.messages import page_to_look_at
from demo.people import STAFF


def main(site: str, answer: Path, gateway: str, address: str) -> None:
	frappe.init(site=site)
	frappe.connect()
	made = populate(gateway, address)
	frappe.db.commit()  # reason: a script of its own, not a request
	logins = [[login, PASSWORD, f"{name}, {role}"] for login, (name, role, _departments) in STAFF.items()]
	answer.write_text(json.dumps({"made": made, "logins": logins, "page": page_to_look_at()}))
	frappe.destroy()


if __name__ == "__main__":
	main(sys.argv[1], Path(sys.argv[2]), *sys.argv[3:])
