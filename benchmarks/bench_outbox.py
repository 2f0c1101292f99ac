"""Messages through the outbox to a local service, against documents of Frappe's own Notification in the same run.

MESSAGES (100,000) messages are written in bulk; one worker sends a tenth of them alone, then WORKERS (3) send the rest at the
same time. Target (quality.md, Speed): a worker sends at least 5 times as many messages per second as Frappe's Notification
makes documents, and the service takes every key exactly once.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import frappe
import pytest
from frappe.email.doctype.notification.notification import trigger_daily_alerts
from frappe.utils import add_days, today

from hospital_followup.services import messages
from hospital_followup.services.writer import chunks
from tests.stack.users import make_user
from tests.support import outbox
from tests.support.carriers import Forgetful
from tests.support.processes import Program

SERVICE = Path(__file__).with_name("counting_service.py")
PART = 1_000
SEND_ALL = """
	import sys
	from hospital_followup import jobs

	def waiting():
		frappe.db.rollback()
		return frappe.db.exists("Follow-up Message", {"status": "Queued"})

	frappe.get_all("Follow-up Message", limit=1)
	print("warm", flush=True)
	sys.stdin.readline()
	while waiting():
		jobs.followup_send_messages()
"""


@pytest.mark.commits
@pytest.mark.site("plain")
def test_outbox(site: Any) -> None:
	count, workers = int(os.environ.get("MESSAGES", "100000")), int(os.environ.get("WORKERS", "3"))
	print()
	rival = notification_rate(min(500, count))
	show("Frappe Notification, documents per second", rival)
	outbox.open_for_sending()
	with counting() as service:
		outbox.account(Forgetful, f"http://127.0.0.1:{service.port}")
		alone = max(count // 10, 1)
		written = timed(lambda: write(alone))
		show("messages written per second", alone / written)
		rate = alone / seconds_of(site, 1)
		show("one worker alone, messages per second", rate)
		show("one worker / Notification (target >= 5)", rate / rival)
		write(count - alone)
		took = seconds_of(site, workers)
		show(f"{workers} workers, messages per second", (count - alone) / took)
		show(f"{workers} workers, each / Notification", (count - alone) / took / workers / rival)
		print(f"taken, keys, most for one key: {service.counts()}")
		assert service.counts() == (count, count, 1)
		assert frappe.db.count(outbox.MESSAGE, {"status": "Sent"}) == count


class Service:
	"""The counting service, running."""

	def __init__(self) -> None:
		self._process = subprocess.Popen(
			[sys.executable, str(SERVICE)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
		)
		self.port = int(self._process.stdout.readline())

	def counts(self) -> tuple[int, ...]:
		"""Messages taken, keys, how often the most frequent key was taken."""
		self._process.stdin.write("\n")
		self._process.stdin.flush()
		return tuple(int(number) for number in self._process.stdout.readline().split())

	def end(self) -> None:
		self._process.communicate()


@contextmanager
def counting() -> Iterator[Service]:
	service = Service()
	try:
		yield service
	finally:
		service.end()


def write(count: int) -> None:
	"""So many messages, each to a patient of its own, written the way a cause writes them."""
	for names in chunks(outbox.patients(count), PART):
		written = messages.write([outbox.wanted(name) for name in names])
		assert all(item.name for item in written.values())
		outbox.commit()


def seconds_of(site: Any, workers: int) -> float:
	"""How long so many workers, each a process of its own, need until nothing is queued any more."""
	programs = [Program(site, SEND_ALL) for _number in range(workers)]
	for program in programs:
		program.go().wait_for("warm")
	begin = time.perf_counter()
	for program in programs:
		program.go()
	for program in programs:
		program.end()
	return time.perf_counter() - begin


def notification_rate(count: int) -> float:
	"""Documents per second of a Notification that tells a user about documents of a day, without the detour by the queue."""
	due, user = str(add_days(today(), -1)), make_user("Follow-up Specialist")
	for number in range(count):
		todo = {"doctype": "ToDo", "description": f"Benchmark {number}", "date": due, "allocated_to": user}
		frappe.get_doc(todo).insert()
	notification = frappe.get_doc(
		{
			"doctype": "Notification",
			"name": "Benchmark",
			"subject": "{{ doc.description }} is due",
			"document_type": "ToDo",
			"event": "Days After",
			"date_changed": "date",
			"days_in_advance": 1,
			"channel": "System Notification",
			"recipients": [{"receiver_by_document_field": "allocated_to"}],
			"message": "Dear {{ doc.allocated_to }}, {{ doc.description }}",
		}
	).insert()
	frappe.db.commit()  # reason: a benchmark's own data, put back at the end
	before = frappe.db.count("Notification Log")
	frappe.flags.in_test = True  # Frappe's own switch: the log is written at once, not by a job
	try:
		seconds = timed(trigger_daily_alerts)
	finally:
		frappe.flags.in_test = False
	made = frappe.db.count("Notification Log") - before
	assert made == count, f"Notification made {made} of {count} documents"
	notification.db_set("enabled", 0)
	return made / seconds


def timed(work: Callable[[], object]) -> float:
	begin = time.perf_counter()
	work()
	return time.perf_counter() - begin


def show(label: str, value: float) -> None:
	print(f"{label:50} {value:10,.2f}")
