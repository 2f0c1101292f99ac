"""`python3 -m hospital_followup preview …`: plain Python, no Frappe, no database, no network."""

from __future__ import annotations

import sys

from hospital_followup.preview.command import main

if __name__ == "__main__":
	sys.exit(main(sys.argv[1:]))
