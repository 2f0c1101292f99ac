"""One beat of the scheduler for one site: enqueue what is due. Runs in the stack's Python."""

from __future__ import annotations

import sys

from frappe.utils.scheduler import enqueue_events_for_site

if __name__ == "__main__":
	enqueue_events_for_site(sys.argv[1])
