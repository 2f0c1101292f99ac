"""Messages while what is below them breaks: queue flushed, database restarted, a backup restored, nothing ran for days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import frappe
import pytest
import redis

from hospital_followup import jobs
from hospital_followup.services import go_live
from tests.providers.stubs import running
from tests.stack.connection import Site
from tests.stack.processes import wait_until
from tests.support import outbox
from tests.support.carriers import Forgetful, Held, Mindful
from tests.support.outbox import once_and_settled, rows, statuses
from tests.support.processes import Program, kill_leftovers  # noqa: F401 (a fixture)
from tests.support.steps_seen import Steps, written_down

pytestmark = pytest.mark.site("plain")

PATIENCE = 60


@pytest.fixture(autouse=True)
def steps(site: Site) -> Iterator[Steps]:
	outbox.open_for_sending()
	with written_down(site) as seen:
		yield seen
		seen.all_legal()


def test_the_queue_is_flushed_and_the_next_tick_wakes_the_sender_again(site: Site, worker) -> None:
	with running(Mindful()) as stub:
		outbox.provider(stub)
		names = outbox.due(5)
		queue = redis.from_url(site.stack.redis.url(1))
		assert queue.dbsize(), "writing has woken a sender"
		queue.flushdb()
		worker.run_until_empty()
		assert statuses(names) == {"Queued": len(names)}

		jobs.followup_dispatch_tick()

		assert statuses(names) == {"Sent": len(names)}
		once_and_settled(stub.service, names)


def test_the_woken_worker_sends_without_a_tick(worker) -> None:
	with running(Mindful()) as stub:
		outbox.provider(stub)
		names = outbox.due(5)
		worker.run_until_empty()
		assert statuses(names) == {"Sent": len(names)}
		once_and_settled(stub.service, names)


def test_redis_is_down_while_messages_are_written_and_due(site: Site) -> None:
	with running(Mindful()) as stub:
		outbox.provider(stub)
		site.stack.redis.kill()
		names = outbox.due(5)
		jobs.followup_dispatch_tick()
		assert statuses(names) == {"Sent": len(names)}
		once_and_settled(stub.service, names)
		assert outbox.told("queue") == "bad"
		site.stack.redis.start()
		assert outbox.told("queue") == "ok"


def test_the_database_restarts_while_the_service_answers(site: Site, steps: Steps) -> None:
	with running(Mindful()) as stub:
		outbox.provider(stub)
		names = outbox.due(30)
		stub.mood = held = Held()
		worker = outbox.sender(site)
		assert wait_until(lambda: held.taken > 0, timeout=PATIENCE)
		site.stack.mariadb.kill()
		held.answer()
		site.stack.mariadb.start()
		site.reconnect()
		worker.end(may_fail=True)  # a quick restart it survives, a slow one it does not

		outbox.send()
		outbox.in_the_end()

		once_and_settled(stub.service, names)
		assert statuses(names) == {"Sent": len(names)}, (
			"what was lost in between, the service was asked about"
		)


def test_connections_drop_in_the_middle_of_a_group(site: Site, steps: Steps) -> None:
	with running(Forgetful()) as stub:
		outbox.provider(stub)
		names = outbox.due(30)
		stub.mood = held = Held()
		worker = outbox.sender(site)
		assert wait_until(lambda: held.taken > 0, timeout=PATIENCE)
		drop_other_connections(site)
		held.answer()
		worker.end()
		outbox.send()
		assert statuses(names) == {"Sent": len(names)}, "the answers were written on a new connection"
		once_and_settled(stub.service, names)


def test_a_restored_backup_sends_nothing_until_an_administrator_says_so(
	site: Site, steps: Steps, tmp_path: Path
) -> None:
	with running(Forgetful()) as stub:
		outbox.provider(stub)
		names = outbox.due(5)
		backup, database = tmp_path / "backup.sql", site.baseline.database
		site.stack.mariadb.dump(database, backup)
		outbox.send()
		assert statuses(names) == {"Sent": len(names)}

		frappe.db.rollback()
		site.stack.mariadb.query(f"source {backup}", database=database)
		site.reconnect()
		frappe.cache.flushall()
		assert statuses(names) == {"Queued": len(names)}, "so says the backup"
		outbox.send()
		assert statuses(names) == {"Queued": len(names)}
		assert go_live.state() == go_live.State(False, "restored")
		assert outbox.told("go_live") == "bad"
		assert set(stub.service.accepted.values()) == {1}
		outbox.in_the_end()
		assert statuses(names) == {"Expired": len(names)}
		assert set(stub.service.accepted.values()) == {1}
		assert all(outbox.is_a_persons(row.task) for row in rows(names))


def test_nothing_ran_for_five_days(site: Site, steps: Steps) -> None:
	"""What is still in time goes out once, what is too late goes to a person, and nothing is forgotten."""
	with running(Forgetful()) as stub:
		outbox.provider(stub)
		jobs.followup_dispatch_tick()
		too_late, in_time = outbox.due(4, hours=3 * 24), outbox.due(4, hours=9 * 24)
		outbox.later(days=5)
		assert (outbox.told("dispatcher"), outbox.told("sending")) == ("bad", "bad")
		outbox.send()
		assert (outbox.told("dispatcher"), outbox.told("sending")) == ("ok", "ok")
		outbox.send()
		assert statuses(too_late) == {"Expired": 4}
		assert statuses(in_time) == {"Sent": 4}
		once_and_settled(stub.service, [*too_late, *in_time])
		assert all(row.sent_at > row.expires_at - timedelta(days=9) for row in rows(in_time))


def drop_other_connections(site: Site) -> None:
	"""As a firewall or a failing switch would: from outside, all but the test's own."""
	own = frappe.db.sql("select connection_id()")[0][0]  # reason: no table to query
	listed = (
		f"SELECT id FROM information_schema.processlist WHERE db = '{site.baseline.database}' AND id <> {own}"
	)
	numbers = site.stack.mariadb.query(listed).split()
	assert numbers
	for number in numbers:
		site.stack.mariadb.query(f"KILL CONNECTION {number}")
