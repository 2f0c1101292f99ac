"""Runs a program from standard input on a site, as a process of its own. Started by `tests.support.processes`.

Arguments: site, user. Prints "ready" once connected, then waits for a line on standard input before it runs.
"""

from __future__ import annotations

import sys

import frappe


def main(site: str, user: str) -> None:
	program = compile(sys.stdin.readline().encode().decode("unicode_escape"), "<program>", "exec")
	frappe.init(site=site)
	frappe.connect()
	frappe.set_user(user)
	print("ready", flush=True)
	sys.stdin.readline()
	exec(program, {"frappe": frappe, "__name__": "program"})
	frappe.db.commit()  # reason: a process of its own, as a request or a job is
	frappe.destroy()


if __name__ == "__main__":
	main(sys.argv[1], sys.argv[2])
