"""Receipts: kept once, applied when their message is known and at rest, in any order, thousands at once."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import frappe
import pytest
from frappe.utils import add_to_date, now_datetime
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hospital_followup.engine.message_ports import Delivery
from hospital_followup.hospital_followup.doctype.follow_up_receipt.follow_up_receipt import FollowupReceipt
from hospital_followup.jobs import followup_dispatch_tick
from hospital_followup.services import message_effects, receipts
from hospital_followup.tests import factories as make
from tests.providers.services.aliyun import AliyunService
from tests.providers.services.tencent import TencentService
from tests.site.reports import MESSAGE, NUMBER, RECEIPT, account, sent
from tests.support.queries import count_queries

AT = datetime(2026, 11, 20, 10, 30, tzinfo=timezone.utc)
PROVIDER = AliyunService.name


@pytest.fixture(autouse=True)
def provider() -> str:
	return account(AliyunService).name


def delivery(message: Any, state: str = "delivered", **fields: Any) -> Delivery:
	values = {"provider_id": message.provider_id, "reference": message.reference, "code": "X", "at": AT}
	return Delivery(**{**values, "state": state, **fields})


def take(*deliveries: Delivery, provider: str = PROVIDER) -> int:
	return receipts.take(provider, deliveries, now_datetime())


def kept(**filters: Any) -> list[frappe._dict]:
	return frappe.get_all(
		RECEIPT, filters=filters, fields=["status", "state", "message", "code"], order_by="creation, name"
	)


def status(message: Any) -> str:
	return frappe.db.get_value(MESSAGE, message.name, "status")


class TestOne:
	@pytest.mark.parametrize(("state", "becomes"), [("delivered", "Delivered"), ("failed", "Failed")])
	def test_says_what_became_of_the_message(self, state: str, becomes: str) -> None:
		message = sent(provider=PROVIDER)
		assert take(delivery(message, state)) == 1
		row = frappe.get_doc(MESSAGE, message.name)
		assert row.status == becomes
		assert row.status_reason == ("not_delivered" if state == "failed" else None)
		assert bool(row.delivered_at) is (state == "delivered")
		assert kept() == [{"status": "Applied", "state": becomes, "message": message.name, "code": "X"}]

	def test_the_time_is_the_services_own_on_the_clock_of_the_site(self) -> None:
		message = sent(provider=PROVIDER)
		take(delivery(message))
		zone = frappe.utils.get_system_timezone()
		expected = frappe.utils.convert_utc_to_timezone(AT.replace(tzinfo=None), zone).replace(tzinfo=None)
		assert frappe.db.get_value(MESSAGE, message.name, "delivered_at") == expected

	def test_a_time_to_come_is_the_present(self) -> None:
		message = sent(provider=PROVIDER)
		take(delivery(message, at=AT + timedelta(days=900)))
		assert frappe.db.get_value(MESSAGE, message.name, "delivered_at") <= now_datetime()

	def test_a_second_copy_changes_nothing(self) -> None:
		message = sent(provider=PROVIDER)
		assert take(delivery(message), delivery(message)) == 1
		assert take(delivery(message)) == 0
		assert len(kept()) == 1

	@pytest.mark.parametrize("order", [("delivered", "failed"), ("failed", "delivered")])
	@pytest.mark.parametrize("together", [True, False])
	def test_what_was_delivered_stays_delivered(self, order: tuple[str, ...], together: bool) -> None:
		message = sent(provider=PROVIDER)
		reports = [delivery(message, state) for state in order]
		for part in [reports] if together else [[report] for report in reports]:
			take(*part)
		assert status(message) == "Delivered"
		assert [row.status for row in kept()] == ["Applied", "Applied"]

	def test_of_an_answer_that_was_lost_brings_the_services_id(self) -> None:
		message = sent(provider=PROVIDER, status="Uncertain")
		take(delivery(message, provider_id="biz-1"))
		row = frappe.get_doc(MESSAGE, message.name)
		assert (row.status, row.provider_id) == ("Delivered", "biz-1")
		assert row.sent_at == row.delivered_at

	def test_of_a_message_that_was_said_not_to_be_taken_keeps_it_from_going_out_again(self) -> None:
		message = sent(provider=PROVIDER, status="Queued")
		take(delivery(message, provider_id="biz-1"))
		assert status(message) == "Delivered"

	def test_changes_nothing_about_a_message_that_never_went_out(self) -> None:
		message = sent(provider=PROVIDER, status="Suppressed")
		take(delivery(message, provider_id="biz-1"))
		assert status(message) == "Suppressed"
		assert kept()[0].status == "Applied"

	def test_nobody_reports_about_what_another_provider_carries(self) -> None:
		other = account(TencentService).name
		message = sent(provider=other)
		take(delivery(message))
		assert (status(message), kept()[0].status) == ("Sent", "Waiting")

	def test_the_receipt_holds_neither_number_nor_text(self) -> None:
		message = sent(provider=PROVIDER)
		take(delivery(message))
		stored = str(frappe.get_all(RECEIPT, fields=["*"], order_by="name"))
		assert "13800138000" not in stored
		assert "canary" not in stored

	def test_what_follows_is_done_in_the_same_transaction(self, monkeypatch: pytest.MonkeyPatch) -> None:
		told: list[tuple[str, str]] = []
		monkeypatch.setattr(
			message_effects, "settled", lambda rows, now: told.extend((row.name, row.status) for row in rows)
		)
		failed, known = sent(provider=PROVIDER), sent(provider=PROVIDER, status="Failed")
		take(delivery(failed, "failed"), delivery(known, "failed"))
		assert told == [(failed.name, "Failed")]

	def test_stands_even_when_it_cannot_be_applied(self, monkeypatch: pytest.MonkeyPatch) -> None:
		def broken(patient: str, number: str) -> bool:
			raise KeyError(number)

		message = sent(provider=PROVIDER)
		with monkeypatch.context() as patch:
			patch.setattr(receipts.numbers, "mark_out_of_service", broken)
			assert take(delivery(message, "failed", dead_number=True)) == 1
		assert (status(message), kept()[0].status) == ("Sent", "Waiting")

	def test_what_follows_is_tried_again_when_it_fails(self, monkeypatch: pytest.MonkeyPatch) -> None:
		def broken(rows: Any, now: Any) -> None:
			raise KeyError("13800138000")

		message = sent(provider=PROVIDER)
		with monkeypatch.context() as patch:
			patch.setattr(message_effects, "settled", broken)
			take(delivery(message, "failed"))
		assert frappe.db.get_value(MESSAGE, message.name, ["status", "effects_due"]) == ("Failed", 1)


class TestWaiting:
	def test_for_a_message_that_is_being_sent(self) -> None:
		message = sent(provider=PROVIDER, status="Sending")
		take(delivery(message, provider_id="biz-1"))
		assert (status(message), kept()[0].status) == ("Sending", "Waiting")

	@pytest.mark.commits
	def test_until_the_sender_has_written_its_result(self) -> None:
		message = sent(provider=PROVIDER, status="Sending")
		take(delivery(message, provider_id="biz-1", reference=None), delivery(message, provider_id="biz-2"))
		frappe.db.set_value(MESSAGE, message.name, {"status": "Sent", "provider_id": "biz-1"})
		frappe.db.commit()  # reason: the sender commits its result
		followup_dispatch_tick()
		assert status(message) == "Delivered"
		assert {row.status for row in kept()} == {"Applied"}

	@pytest.mark.commits
	def test_for_nobody_ends_after_three_days(self) -> None:
		take(Delivery("stranger", None, "delivered", None, AT))
		frappe.db.commit()  # reason: the dispatcher works in transactions of its own
		followup_dispatch_tick()
		assert kept()[0].status == "Waiting"
		name = frappe.db.get_value(RECEIPT, {"provider_id": "stranger"})
		frappe.db.set_value(RECEIPT, name, "creation", add_to_date(now_datetime(), days=-3, minutes=-1))
		frappe.db.commit()  # reason: the dispatcher works in transactions of its own
		followup_dispatch_tick()
		assert kept()[0].status == "Unknown"

	@pytest.mark.commits
	def test_one_that_fails_stops_no_other(self, monkeypatch: pytest.MonkeyPatch) -> None:
		first, second = (sent(provider=PROVIDER, status="Sending") for _number in range(2))
		reports = (
			delivery(message, "failed", provider_id=f"biz-{message.name}", dead_number=True)
			for message in (first, second)
		)
		take(*reports)
		for message in (first, second):
			frappe.db.set_value(MESSAGE, message.name, "status", "Sent")
		frappe.db.commit()  # reason: the dispatcher works in transactions of its own

		def picky(patient: str, number: str) -> bool:
			if patient == first.patient:
				raise KeyError(number)
			return False

		monkeypatch.setattr(receipts.numbers, "mark_out_of_service", picky)
		followup_dispatch_tick()
		assert (status(first), status(second)) == ("Sent", "Failed")
		run = frappe.get_last_doc("Follow-up Run", {"job": "dispatch"})
		assert run.failed == 1
		assert "13800138000" not in frappe.as_json(run)


def test_old_ones_go_unless_they_wait() -> None:
	take(*(Delivery(f"id-{number}", None, "delivered", None, AT) for number in range(3)))
	names = frappe.get_all(RECEIPT, pluck="name", order_by="name")
	for name, age, state in zip(names, (200, 200, 10), ("Waiting", "Applied", "Applied"), strict=True):
		frappe.db.set_value(
			RECEIPT, name, {"creation": add_to_date(now_datetime(), days=-age), "status": state}
		)
	FollowupReceipt.clear_old_logs(days=180)
	assert frappe.get_all(RECEIPT, pluck="name", order_by="name") == [names[0], names[2]]


class TestDeadNumbers:
	def report(self, message: Any, **fields: Any) -> None:
		take(delivery(message, "failed", dead_number=True, **fields))

	def state(self, patient: Any) -> tuple[str | None, str | None]:
		return frappe.db.get_value(
			"Follow-up Patient", patient.name, ["mobile_status", "caregiver_mobile_status"]
		)

	def test_join_the_list_of_numbers_to_correct(self) -> None:
		patient = make.patient()
		self.report(sent(patient, provider=PROVIDER))
		assert self.state(patient)[0] == "Out of Service"

	def test_a_number_that_a_person_has_confirmed_stays_confirmed(self) -> None:
		patient = make.patient(mobile_status="Verified")
		self.report(sent(patient, provider=PROVIDER))
		assert self.state(patient)[0] == "Verified"

	def test_a_number_that_was_corrected_meanwhile_is_not_blamed(self) -> None:
		patient = make.patient(mobile="13911112222")
		self.report(sent(patient, provider=PROVIDER, recipient=NUMBER))
		assert self.state(patient)[0] == "Unknown"

	def test_the_caregivers_number_is_the_caregivers(self) -> None:
		patient = make.patient(caregiver_name="Li", caregiver_mobile="13911112222")
		self.report(sent(patient, provider=PROVIDER, recipient="+8613911112222"))
		assert self.state(patient) == ("Unknown", "Out of Service")

	def test_an_account_or_a_block_says_nothing_about_the_number(self) -> None:
		patient = make.patient()
		self.report(sent(patient, provider=PROVIDER, channel="WeChat"))
		take(delivery(sent(patient, provider=PROVIDER), "failed", opted_out=True))
		assert self.state(patient)[0] == "Unknown"


class TestMany:
	def test_ten_thousand_at_once_in_bounded_queries(self) -> None:
		some = [sent(provider=PROVIDER) for _number in range(20)]
		reports = [delivery(message) for message in some]
		reports += [Delivery(f"id-{number}", None, "delivered", None, AT) for number in range(11_000)]
		warm, few, many = reports[-500:], reports[-1000:-500], reports[:10_000]

		def queries(part: list[Delivery]) -> int:
			turns = iter((warm, part))
			return count_queries(lambda: receipts.take(PROVIDER, next(turns), now_datetime()))

		for_few, for_many = queries(few), queries(many)
		assert frappe.db.count(RECEIPT, {"status": "Applied"}) == len(some)
		assert frappe.db.count(RECEIPT) == 11_000
		assert {status(message) for message in some} == {"Delivered"}
		assert for_few <= 12
		assert for_many <= 12 * 20

	@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
	@given(st.lists(st.tuples(st.integers(0, 2), st.sampled_from(["delivered", "failed"])), max_size=8))
	def test_any_order_and_number_of_copies_ends_the_same(self, said: list[tuple[int, str]]) -> None:
		messages = [sent(provider=PROVIDER) for _number in range(3)]
		for number, state in said:
			take(delivery(messages[number], state))
		for number, message in enumerate(messages):
			heard = {state for of, state in said if of == number}
			expected = "Delivered" if "delivered" in heard else "Failed" if heard else "Sent"
			assert status(message) == expected
