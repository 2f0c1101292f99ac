"""One damaged row, secret or service costs itself only: the others go out, and calls are recorded whatever becomes of messages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import frappe
import pytest
from frappe.utils import add_to_date, now_datetime

from hospital_followup.channels.handing_over import Letter
from hospital_followup.engine.message_ports import OutgoingMessage
from hospital_followup.exceptions import MessageTransitionError
from hospital_followup.services import outbox, outbox_results, provider_settings
from hospital_followup.services.messages import MESSAGE
from hospital_followup.tests import factories as make
from tests.providers import stubs
from tests.providers.services.twilio import TwilioService
from tests.providers.stubs import Stub
from tests.site.outbox_samples import (
	a_run,
	change,
	hospital,
	provider,
	queued,
	row,
	statuses,
	wanted,
	written,
)

pytestmark = pytest.mark.commits
PROVIDER = "Follow-up Provider"


@pytest.fixture
def stub() -> Iterator[Stub]:
	with stubs.running(TwilioService()) as made:
		provider(made.url)
		hospital()
		yield made


def spoil_secret(name: str) -> None:
	"""What a backup of another site holds: a secret encrypted with a key that is not ours."""
	auth = frappe.qb.Table("__Auth")
	other = "gAAAAABmAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=="
	frappe.qb.update(auth).set(auth.password, other).where(
		(auth.doctype == PROVIDER) & (auth.name == name) & (auth.fieldname == "secret")
	).run()
	frappe.clear_document_cache(PROVIDER, name)
	frappe.db.commit()  # reason: senders are processes of their own


@pytest.mark.parametrize("damage", [{"body": "⟨link⟩"}, {"variables": "{not json"}, {"variables": "[1]"}])
def test_a_damaged_message_stops_itself_and_not_the_others(stub: Stub, damage: dict[str, str]) -> None:
	names = queued(3)
	change(names[1], **damage)
	assert outbox.send_due(a_run()) == 3
	assert statuses(names) == ["Sent", "Suppressed", "Sent"]
	assert row(names[1]).status_reason == "unreadable"
	assert len(stub.messages) == 2


def test_an_account_whose_secret_is_unreadable_stops_only_itself(stub: Stub) -> None:
	other = provider(stub.url, "Moved Here", priority=-1)
	spoil_secret(other)
	assert [doc.name for doc in provider_settings.enabled()["SMS"]] == ["Stub"]
	names = queued(2)
	assert outbox.send_due(a_run()) == 2
	assert statuses(names) == ["Sent", "Sent"]


def test_without_a_readable_account_nothing_is_written_and_calls_are_recorded(stub: Stub) -> None:
	spoil_secret("Stub")
	(refused,) = written(wanted())
	assert (refused.name, refused.reason) == (None, "no_provider")
	task = make.task(patient=make.patient(language="en").name)
	log = frappe.get_doc(
		{
			"doctype": "Follow-up Log",
			"task": task.name,
			"patient": task.patient,
			"channel": "Phone",
			"direction": "Out",
			"outcome": "Callback Requested",
			"contacted_at": now_datetime(),
			"staff": "Administrator",
			"next_attempt_at": add_to_date(now_datetime(), days=1),
		}
	).insert()
	log.submit()
	assert frappe.db.get_value("Follow-up Log", log.name, "docstatus") == 1
	assert not frappe.db.exists(MESSAGE, {"task": task.name})


class Refusing:
	"""A provider of a hospital's own app that fails while it writes into the site."""

	def send(self, message: OutgoingMessage) -> Any:
		frappe.get_doc({"doctype": "ToDo", "description": message.reference}).insert()
		raise RuntimeError("no")


def test_what_fails_here_is_taken_back_alone_and_may_be_tried_again() -> None:
	before = frappe.db.count("ToDo")
	letter = Letter("m", "p", OutgoingMessage(reference="r" * 32, to="a@b.example", body="x"))
	result = outbox_results._send_here(Refusing(), letter)
	assert (result.state, result.code) == ("retry", "RuntimeError")
	assert frappe.db.count("ToDo") == before


@pytest.mark.parametrize("field", ["subject", "language", "recipient", "provider_template", "variables"])
def test_what_a_message_says_and_to_whom_is_not_changed_by_hand(stub: Stub, field: str) -> None:
	(name,) = queued()
	doc = frappe.get_doc(MESSAGE, name)
	doc.set(field, "de" if field == "language" else "other")
	with pytest.raises(MessageTransitionError):
		doc.save()
