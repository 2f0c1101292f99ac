"""A real sender and a service in every mood: what the patient may have is never sent again, what it cannot have is."""

from __future__ import annotations

from collections.abc import Iterator

import frappe
import pytest

from tests.providers import stubs
from tests.providers.services.aliyun import said
from tests.providers.services.twilio import error
from tests.providers.stubs import Mood, full_port, running, says, takes_and_says
from tests.stack.connection import Site
from tests.support import outbox
from tests.support.carriers import Forgetful, InTurn, Mindful
from tests.support.outbox import once_and_settled, rows, statuses
from tests.support.processes import kill_leftovers  # noqa: F401 (a fixture)
from tests.support.steps_seen import Steps, written_down

pytestmark = pytest.mark.site("plain")

SERVICES = pytest.mark.parametrize("service", [Forgetful, Mindful], ids=["cannot be asked", "can be asked"])
HASTY = {"connect_timeout": 1, "read_timeout": 1, "total_timeout": 3}
#: The service has the message and we cannot know.
TAKEN: list[Mood] = [
	stubs.silent_after_accept,
	stubs.hangs_up_after_accept,
	stubs.drips_headers,
	stubs.drips_body,
	stubs.cuts_short,
	stubs.talks_too_much,
	stubs.babbles,
	takes_and_says(200, b'{"Code": "O'),
	takes_and_says(200, b'{"status": "fine"}'),
	takes_and_says(500, b"<html>Internal Server Error</html>"),
]
#: The service does not have the message, and we cannot know that either.
LOST: list[Mood] = [says(500, b"oops"), says(200, b"{}"), says(200, b'{"Code"'), says(502)]
#: A clear no, for now.
LATER: dict[type, list[Mood]] = {
	Forgetful: [
		says(429, b"", Retry_After="120"),
		says(error(20429, 429).status, error(20429, 429).body, Retry_After="7"),
		says(404, b"<html>"),
		says(302, b"", Location="https://elsewhere.example"),
	],
	Mindful: [
		says(429, b"", Retry_After="120"),
		says(400, said("Throttling.User").body),
		says(200, said("isv.BUSINESS_LIMIT_CONTROL").body),
		says(404, b"<html>"),
	],
}
#: A clear no, for good, with the face of a success.
NEVER: dict[type, Mood] = {
	Forgetful: says(201, b'{"sid": "SM1", "status": "failed", "error_code": 30007}'),
	Mindful: says(200, said("isv.MOBILE_NUMBER_ILLEGAL").body),
}


@pytest.fixture(autouse=True)
def steps(site: Site) -> Iterator[Steps]:
	outbox.open_for_sending()
	with written_down(site) as seen:
		yield seen
		seen.all_legal()


@SERVICES
def test_a_message_that_was_taken_and_not_confirmed_is_not_sent_again(
	service: type, site: Site, steps: Steps
) -> None:
	with running(service()) as stub:
		outbox.provider(stub, **HASTY)
		names = outbox.due(len(TAKEN))
		stub.mood = moods = InTurn(TAKEN)
		outbox.sender(site).end()
		outbox.in_the_end(*[1] * 6, 96)

		assert moods.left == 0
		assert len(stub.messages) == len(names)
		for name in names:
			seen = steps.of(name)
			known = seen.index("Uncertain")
			# Five failures open the breaker: what nobody had begun to send by then goes back and waits.
			assert seen[:known] in (["Sending"], ["Sending", "Queued", "Sending"])
			assert "Sending" not in seen[known:]
		assert stub.service.accepted == {row.reference: 1 for row in rows(names)}
		once_and_settled(stub.service, names)
		if service is Mindful:
			assert statuses(names) == {"Sent": len(names)}, "the service was asked"


@SERVICES
def test_a_message_that_was_lost_on_the_way_becomes_a_persons(service: type, site: Site) -> None:
	with running(service()) as stub:
		outbox.provider(stub, **HASTY)
		names = outbox.due(len(LOST))
		stub.mood = moods = InTurn(LOST)
		outbox.sender(site).end()
		outbox.in_the_end()
		assert moods.left == 0
		assert not stub.service.accepted
		assert len(stub.messages) == len(names), "nobody knew, so nobody tried again"
		once_and_settled(stub.service, names)


@SERVICES
def test_a_clear_no_for_now_is_tried_again_and_arrives_once(service: type, site: Site, steps: Steps) -> None:
	with running(service()) as stub:
		outbox.provider(stub)
		names = outbox.due(len(LATER[service]))
		stub.mood = moods = InTurn(LATER[service])
		outbox.sender(site).end()
		waits = {row.send_after - row.tried_at for row in rows(names) if row.tries}
		outbox.in_the_end()
		assert moods.left == 0
		assert min(waits).total_seconds() >= 60 and max(waits).total_seconds() >= 120, "as the service asked"
		assert statuses(names) == {"Sent": len(names)}
		once_and_settled(stub.service, names)


@SERVICES
def test_a_clear_no_for_good_is_a_persons_at_once(service: type, site: Site) -> None:
	with running(service()) as stub:
		outbox.provider(stub)
		[name] = outbox.due(1)
		stub.mood = NEVER[service]
		outbox.sender(site).end()
		assert statuses([name]) == {"Failed": 1}
		once_and_settled(stub.service, [name])
		assert len(stub.messages) == 1


def test_nobody_answers_the_door(site: Site) -> None:
	"""A connection that never comes to stand carries nothing: it may be tried again, and is given up before the end."""
	with running(Forgetful()) as stub, full_port() as nobody:
		account = outbox.account(Forgetful, nobody, **HASTY)
		first, second = outbox.due(1), outbox.due(1, hours=6)
		outbox.sender(site).end()
		assert statuses([*first, *second]) == {"Queued": 2}
		outbox.later(hours=7)
		outbox.send()
		assert statuses(second) == {"Expired": 1}
		frappe.db.set_value(outbox.PROVIDER, account.name, "endpoint", stub.url)
		frappe.clear_document_cache(outbox.PROVIDER, account.name)
		outbox.commit()
		outbox.in_the_end()
		assert statuses(first) == {"Sent": 1}
		once_and_settled(stub.service, [*first, *second])
