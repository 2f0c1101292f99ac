"""The sender is killed at each of the four points around a send, and rivals meet on the same messages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import frappe
import pymysql
import pytest

from tests.providers.stubs import closed_port, full_port, running
from tests.stack.connection import Site
from tests.stack.processes import wait_until
from tests.support import outbox
from tests.support.carriers import Forgetful, Held, Mindful
from tests.support.outbox import MESSAGE, SEND, TICK, once_and_settled, rows, status_is, statuses
from tests.support.processes import Program, kill_leftovers, together  # noqa: F401 (a fixture)
from tests.support.steps_seen import Steps, written_down

pytestmark = pytest.mark.site("plain")

SERVICES = pytest.mark.parametrize("service", [Forgetful, Mindful], ids=["cannot be asked", "can be asked"])
PATIENCE = 60
#: Seconds. InnoDB's list of transactions is renewed only when nobody has read it for a tenth of a second.
REFRESHED = 0.3
GROUP = 20
SEND_IN_GROUPS = f"""
	from hospital_followup.services.outbox import send_due
	from hospital_followup.services.runs import run
	with run("send") as record:
		send_due(record, size={GROUP})
"""


@pytest.fixture(autouse=True)
def steps(site: Site) -> Iterator[Steps]:
	outbox.open_for_sending()
	with written_down(site) as seen:
		yield seen
		seen.all_legal()


@SERVICES
def test_killed_after_the_claim_and_before_anything_was_sent(service: type, site: Site, steps: Steps) -> None:
	with running(service()) as stub, full_port() as nobody:
		account = outbox.account(service, nobody)
		[name] = outbox.due(1)
		worker = outbox.sender(site)
		assert wait_until(status_is(name, "Sending"), timeout=PATIENCE)
		worker.kill()
		account.db_set("endpoint", stub.url)  # the service is well again
		outbox.commit()

		outbox.send()
		assert statuses([name]) == {"Sending": 1}, "its sender may still be at work"
		outbox.in_the_end()

		assert steps.of(name)[:2] == ["Sending", "Uncertain"]
		assert not stub.service.accepted, "nobody could know that it was not sent"
		once_and_settled(stub.service, [name])


@SERVICES
def test_killed_while_the_service_has_it_and_has_not_answered(
	service: type, site: Site, steps: Steps
) -> None:
	with running(service()) as stub:
		outbox.provider(stub)
		[name] = outbox.due(1)
		stub.mood = held = Held()
		worker = outbox.sender(site)
		assert wait_until(lambda: held.taken == 1, timeout=PATIENCE)
		worker.kill()
		held.answer()
		outbox.later(minutes=40)
		assert outbox.told("sending") == "bad", "somebody holds a message and is gone"

		outbox.in_the_end()

		assert outbox.told("sending") == ("ok" if service is Mindful else "warn")
		assert steps.of(name)[:2] == ["Sending", "Uncertain"]
		once_and_settled(stub.service, [name])
		assert stub.service.accepted == {rows([name])[0].reference: 1}
		if service is Mindful:
			assert statuses([name]) == {"Sent": 1}, "the service was asked"


@SERVICES
def test_killed_between_the_answer_and_the_commit_of_the_result(
	service: type, site: Site, steps: Steps
) -> None:
	with running(service()) as stub:
		outbox.provider(stub)
		[name] = outbox.due(1)
		stub.mood = held = Held()
		worker = outbox.sender(site)
		assert wait_until(lambda: held.taken == 1, timeout=PATIENCE)
		with locked(site, name) as waiting:
			held.answer()
			assert wait_until(waiting, timeout=PATIENCE, every=REFRESHED), "the result waits for the row"
			worker.kill()
		assert statuses([name]) == {"Sending": 1}

		outbox.in_the_end()

		assert steps.of(name)[:2] == ["Sending", "Uncertain"]
		once_and_settled(stub.service, [name])
		assert stub.service.accepted == {rows([name])[0].reference: 1}


@SERVICES
def test_killed_after_the_commit_of_the_result(service: type, site: Site, steps: Steps) -> None:
	with running(service()) as stub:
		outbox.provider(stub)
		names = outbox.due(2 * GROUP)
		stub.mood = held = Held(at_once=GROUP)
		worker = outbox.sender(site, SEND_IN_GROUPS)
		assert wait_until(lambda: held.taken > GROUP, timeout=PATIENCE)
		worker.kill()
		held.answer()
		sent = {row.name for row in rows(names) if row.status == "Sent"}
		assert len(sent) == GROUP

		outbox.in_the_end()

		once_and_settled(stub.service, names)
		assert all(steps.of(name) == ["Sending", "Sent"] for name in sent), "what was sent stays sent"
		if service is Mindful:
			assert statuses(names)["Sent"] == stub.service.accepted.total(), "the service was asked"


def test_workers_on_the_same_messages_send_each_once(site: Site, steps: Steps) -> None:
	with running(Mindful()) as stub:
		outbox.provider(stub)
		names = outbox.due(250)
		together(site, SEND, SEND, TICK, TICK)
		outbox.send()
		assert statuses(names) == {"Sent": len(names)}
		assert stub.service.accepted == {row.reference: 1 for row in rows(names)}
		assert all(steps.of(name) == ["Sending", "Sent"] for name in names[:20])


def test_a_sender_that_slept_past_its_lease_does_not_send_what_another_has_given_up(
	site: Site, steps: Steps
) -> None:
	"""Frozen in the middle (a paused virtual machine): when it wakes, its answer still counts, and nothing is sent twice."""
	with running(Forgetful()) as stub:
		outbox.provider(stub)
		[name] = outbox.due(1)
		stub.mood = held = Held()
		worker = outbox.sender(site)
		assert wait_until(lambda: held.taken == 1, timeout=PATIENCE)
		outbox.later(hours=2)
		outbox.send()
		assert statuses([name]) == {"Uncertain": 1}
		held.answer()
		worker.end()
		outbox.in_the_end()
		assert stub.service.accepted == {rows([name])[0].reference: 1}
		once_and_settled(stub.service, [name])


def test_what_nobody_could_take_is_sent_when_the_service_is_back(site: Site, steps: Steps) -> None:
	"""Refused connections are a clear no: the breaker opens, and everything goes out later, once."""
	with running(Forgetful()) as stub, closed_port() as nobody:
		account = outbox.account(Forgetful, nobody)
		names = outbox.due(30)
		outbox.sender(site).end()
		assert statuses(names) == {"Queued": len(names)}
		assert outbox.told("providers") == "bad"
		frappe.db.set_value(outbox.PROVIDER, account.name, "endpoint", stub.url)
		frappe.clear_document_cache(outbox.PROVIDER, account.name)
		outbox.in_the_end(*[1] * 6)
		assert statuses(names) == {"Sent": len(names)}
		assert outbox.told("providers") == "ok"
		once_and_settled(stub.service, names)


@contextmanager
def locked(site: Site, name: str) -> Iterator:
	"""Somebody else holds the message's row; the value says whether anybody waits for it. Ends when nobody does any more."""
	mariadb = site.stack.mariadb
	other = pymysql.connect(
		unix_socket=str(mariadb.socket),
		user="root",
		password=mariadb.password,
		database=site.baseline.database,
	)

	def waiting() -> bool:
		count = "SELECT count(*) FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'"
		return int(mariadb.query(count)) > 0

	with other.cursor() as cursor:
		cursor.execute(f"SELECT name FROM `tab{MESSAGE}` WHERE name = %s FOR UPDATE", (name,))
		yield waiting
	other.rollback()
	other.close()
	assert wait_until(lambda: not waiting(), timeout=PATIENCE, every=REFRESHED)
