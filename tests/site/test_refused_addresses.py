"""A service that refuses a message for good has said something about the address: it is written down, and not tried again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any

import frappe
import pytest
from frappe.utils import now_datetime

from hospital_followup.engine.message_ports import Delivery, Reason
from hospital_followup.services import (
	consents,
	message_effects,
	outbox,
	outbox_asking,
	outbox_results,
	receipts,
	task_messages,
)
from hospital_followup.services.messages import MESSAGE
from hospital_followup.tests import factories as make
from tests.providers import stubs
from tests.providers.services.twilio import TwilioService, error
from tests.providers.stubs import Stub
from tests.site import message_samples
from tests.site.outbox_samples import (
	a_run,
	ago,
	change,
	hospital,
	provider,
	queued,
	reference,
	row,
	wanted,
	written,
)
from tests.site.programme_samples import monthly

pytestmark = pytest.mark.commits
CONSENT, PATIENT, TASK = "Follow-up Consent", "Follow-up Patient", "Follow-up Task"
STOPPED, NO_SUCH_NUMBER, LANDLINE, OUT_OF_SERVICE = 21610, 21211, 21635, 30005


@pytest.fixture(autouse=True)
def stub() -> Iterator[Stub]:
	"""The service, and a hospital with an account there that is live."""
	with stubs.running(TwilioService()) as made:
		provider(made.url)
		hospital()
		message_samples.template("Scheduled Contact")
		yield made


def refused(stub: Stub, code: int) -> None:
	"""The service answers to what is due with this code."""
	stub.mood = stubs.says(400, error(code).body)
	outbox.send_due(a_run())
	frappe.db.rollback()


def asked(stub: Stub, patient: str, code: int) -> str:
	"""A message to `patient` of which nobody knows what became, until the service is asked and gives this code."""
	(name,) = queued(patient=patient)
	outbox.send_due(a_run())
	change(name, status="Uncertain", tried_at=ago(minutes=5))
	stub.service.log[reference(name)].update(status="failed", error_code=code)
	outbox_asking.ask_all(a_run())
	return name


def contact(**patient: Any) -> Any:
	"""An open contact whose message waits to go out."""
	task = message_samples.contact(of=patient)
	task_messages.write([task.name], now_datetime())
	frappe.db.commit()  # reason: senders are processes of their own
	return task


def standing(patient: str, purpose: str = "Clinical", channel: str = "SMS") -> bool | None:
	return consents.standing_of([patient], purpose)[patient][channel]


def states(patient: str) -> tuple[str | None, str | None]:
	return frappe.db.get_value(PATIENT, patient, ["mobile_status", "caregiver_mobile_status"])


def ended(message: str, reason: Reason) -> None:
	"""What a sender writes after a refusal, and what it calls then."""
	frappe.db.set_value(MESSAGE, message, {"status": "Failed", "status_reason": reason})
	message_effects.settled([frappe.get_doc(MESSAGE, message).as_dict()], now_datetime())


class TestWhoRefusesMessages:
	def test_is_not_written_to_on_that_channel_any_more(self, stub: Stub) -> None:
		patient = make.patient(language="en").name
		(name,) = queued(patient=patient)
		refused(stub, STOPPED)
		assert (row(name).status, row(name).status_reason) == ("Failed", "opted_out")
		assert [standing(patient, purpose) for purpose in ("Clinical", "Survey", "Promotion")] == [False] * 3
		assert standing(patient, channel="Email") is None
		(item,) = written(wanted(patient=patient))
		assert (item.name, item.reason) == (None, "withdrawn")

	def test_the_record_says_who_said_so_and_about_which_message(self, stub: Stub) -> None:
		patient = make.patient(language="en").name
		(name,) = queued(patient=patient)
		refused(stub, STOPPED)
		said = frappe.get_all(CONSENT, {"patient": patient}, ["evidence", "withdrawn_on"], order_by="name")
		assert len(said) == len(consents.CONTACT_PURPOSES)
		for record in said:
			assert record.withdrawn_on
			assert "Stub" in record.evidence and name in record.evidence
			assert "13800138000" not in record.evidence

	def test_the_contact_becomes_a_persons(self, stub: Stub) -> None:
		task = contact()
		refused(stub, STOPPED)
		task.reload()
		assert (task.status, task.channel) == ("Open", "Phone")
		assert "message_failed" in task.reasons

	def test_what_still_waits_for_the_channel_is_taken_back_and_made_by_a_person(self, stub: Stub) -> None:
		task = contact()
		(name,) = queued(patient=task.patient, send_after=now_datetime())
		(later,) = queued(patient=task.patient, send_after=frappe.utils.add_to_date(now_datetime(), hours=2))
		frappe.db.set_value(
			MESSAGE, {"task": task.name}, "send_after", frappe.utils.add_to_date(None, hours=2)
		)
		frappe.db.commit()  # reason: senders are processes of their own
		refused(stub, STOPPED)
		assert row(name).status == "Failed"
		assert (row(later).status, row(later).status_reason) == ("Suppressed", "withdrawn")
		assert frappe.db.get_value(MESSAGE, {"task": task.name}, "status") == "Suppressed"
		assert frappe.db.get_value(TASK, task.name, "channel") == "Phone"
		assert len(stub.messages) == 1

	def test_a_later_word_of_the_patient_stands(self, stub: Stub) -> None:
		patient = make.patient(language="en").name
		(name,) = queued(patient=patient)
		refused(stub, STOPPED)
		consents.give(patient, "SMS", ["Clinical"], evidence="said so at the ward")
		ended(name, "opted_out")
		assert standing(patient) is True

	@pytest.mark.parametrize(
		"said", [{"programme": "Diabetes"}, {"purpose": "Research"}], ids=["programme", "research"]
	)
	def test_another_word_than_yes_to_such_messages_takes_nothing_back(
		self, stub: Stub, said: dict[str, Any]
	) -> None:
		"""A programme is mostly agreed to on the page that the very message led to."""
		monthly("Diabetes")
		patient = make.patient(language="en").name
		(name,) = queued(patient=patient)
		outbox.send_due(a_run())
		values = {
			"patient": patient,
			"purpose": "Clinical",
			"channel": "All",
			"given_on": now_datetime(),
			**said,
		}
		frappe.get_doc({"doctype": CONSENT, "evidence": "said so", **values}).insert()
		ended(name, "opted_out")
		assert standing(patient) is False

	def test_hearing_it_twice_is_one_record(self, stub: Stub) -> None:
		patient = make.patient(language="en").name
		(name,) = queued(patient=patient)
		refused(stub, STOPPED)
		ended(name, "opted_out")
		assert frappe.db.count(CONSENT, {"patient": patient}) == len(consents.CONTACT_PURPOSES)

	def test_may_say_so_in_a_receipt(self, stub: Stub) -> None:
		patient = make.patient(language="en").name
		(name,) = queued(patient=patient)
		outbox.send_due(a_run())
		sent = row(name)
		said = Delivery(sent.provider_id, None, "failed", "21610", datetime.now(timezone.utc), opted_out=True)
		receipts.take("Stub", [said], now_datetime())
		assert standing(patient) is False
		assert frappe.db.get_value(MESSAGE, name, ["status", "status_reason"]) == ("Failed", "opted_out")

	def test_may_say_so_when_it_is_asked(self, stub: Stub) -> None:
		patient = make.patient(language="en").name
		name = asked(stub, patient, STOPPED)
		assert (row(name).status, row(name).status_reason) == ("Failed", "opted_out")
		assert standing(patient) is False

	def test_one_kind_of_message_that_is_not_wanted_says_nothing_about_the_others(self) -> None:
		patient = make.patient(language="en").name
		(name,) = queued(patient=patient)
		ended(name, "not_wanted")
		assert standing(patient) is None


class TestANumberThatDoesNotExist:
	def test_joins_the_list_of_numbers_to_correct_and_a_person_takes_over(self, stub: Stub) -> None:
		task = contact()
		refused(stub, NO_SUCH_NUMBER)
		assert states(task.patient) == ("Out of Service", "Unknown")
		task.reload()
		assert (task.status, task.channel) == ("Open", "Phone")
		assert standing(task.patient) is None

	def test_may_be_known_when_the_service_is_asked(self, stub: Stub) -> None:
		patient = make.patient(language="en").name
		name = asked(stub, patient, OUT_OF_SERVICE)
		assert (row(name).status, row(name).status_reason) == ("Failed", "no_such_number")
		assert states(patient) == ("Out of Service", "Unknown")
		assert standing(patient) is None

	def test_is_not_tried_with_another_message(self, stub: Stub) -> None:
		patient = make.patient(language="en").name
		queued(patient=patient)
		refused(stub, NO_SUCH_NUMBER)
		(item,) = written(wanted(patient=patient))
		assert (item.name, item.reason) == (None, "no_address")

	def test_the_persons_call_goes_to_the_caregiver(self, stub: Stub) -> None:
		task = contact(caregiver_name="Li", caregiver_mobile="+8613911112222")
		refused(stub, NO_SUCH_NUMBER)
		task.reload()
		assert (task.channel, task.contact_point) == ("Phone", "Caregiver")

	def test_what_a_person_has_confirmed_stays_confirmed(self, stub: Stub) -> None:
		task = contact(mobile_status="Verified")
		refused(stub, NO_SUCH_NUMBER)
		assert states(task.patient)[0] == "Verified"
		assert frappe.db.get_value(TASK, task.name, "channel") == "Phone"

	def test_a_telephone_that_takes_no_texts_can_be_called(self, stub: Stub) -> None:
		task = contact()
		refused(stub, LANDLINE)
		assert states(task.patient)[0] == "Unknown"
		assert frappe.db.get_value(TASK, task.name, "channel") == "Phone"


def test_what_follows_from_a_refusal_is_tried_again_when_it_fails(
	stub: Stub, monkeypatch: pytest.MonkeyPatch
) -> None:
	patient = make.patient(language="en").name
	(name,) = queued(patient=patient)

	def broken(*_words: Any, **_more: Any) -> None:
		raise KeyError("13800138000")

	with monkeypatch.context() as patch:
		patch.setattr(consents, "withdraw", broken)
		refused(stub, STOPPED)
	assert (row(name).status, row(name).effects_due) == ("Failed", 1)
	assert standing(patient) is None
	outbox_results.repeat_effects([name], now_datetime())
	assert standing(patient) is False
