"""Ten thousand receipts, their copies and the dispatcher at the same moment; the same words eight times in one second."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from typing import Any

import frappe
import pytest
import requests

from hospital_followup import callback_api
from hospital_followup.jobs import followup_dispatch_tick
from hospital_followup.services import messages
from hospital_followup.services.writer import insert_rows, new_names
from hospital_followup.tests import factories as make
from tests.providers.services import aliyun
from tests.providers.services.aliyun import AliyunService
from tests.providers.services.callbacks import request
from tests.site.reports import CANARY, CONSENT, LOG, MESSAGE, NUMBER, RECEIPT, account, deliver, now, sent
from tests.support.together import at_once

OURS, FOREIGN, PER_REQUEST, COPIES = 2_000, 8_000, 1_000, 2
MOMENT = "2026-11-20 10:30:00"


@pytest.fixture(autouse=True)
def _nobody_was_refused_yet() -> Iterator[None]:
	frappe.cache.delete_keys("followup_callback")
	yield
	frappe.cache.delete_keys("followup_callback")


def many_sent(provider: str) -> list[str]:
	"""Messages that went out, written as the outbox writes them; every tenth is being sent at this moment."""
	patients = [make.patient(mobile=NUMBER).name for _number in range(20)]
	names = new_names(OURS)
	rows = [
		{
			"name": name,
			"key": f"many|{name}",
			"reference": messages.reference_of(f"many|{name}"),
			"patient": patients[number % len(patients)],
			"channel": "SMS",
			"purpose": "Clinical",
			"body": CANARY,
			"recipient": NUMBER,
			"send_after": MOMENT,
			"status": "Sent" if number % 10 else "Sending",
			"provider": provider,
			"provider_id": f"biz-{name}" if number % 10 else None,
			"tries": 1,
			"tried_at": MOMENT,
		}
		for number, name in enumerate(names)
	]
	insert_rows(MESSAGE, rows)
	return names


def report(identifier: str, success: bool) -> dict[str, Any]:
	return {
		"phone_number": "13800138000",
		"report_time": MOMENT,
		"success": success,
		"err_code": "DELIVERED" if success else "FAIL",
		"biz_id": identifier,
		"sms_size": "1",
	}


def until_taken(url: str, rows: list[dict[str, Any]]) -> requests.Response:
	"""Post what a service has to report, and again while it hears "later", as services do."""
	made = request(json.dumps(rows).encode(), query={"key": aliyun.CALLBACK_KEY}, at=now())
	assert len(made.body) <= callback_api.MAX_BYTES
	answer = deliver(url, AliyunService, made)
	while answer.status_code == callback_api.LATER:
		answer = deliver(url, AliyunService, made)
	return answer


def test_ten_thousand_receipts_with_copies_while_the_dispatcher_works(web: Any) -> None:
	names = many_sent(account(AliyunService).name)
	frappe.db.commit()  # reason: the server is another process
	# Of each message both words arrive, of every other one the bad news last.
	ours = [
		(f"biz-{name}", bool(number % 2) ^ last)
		for last in (False, True)
		for number, name in enumerate(names)
	]
	everything = [report(*said) for said in ours]
	everything += [report(f"foreign-{number}", True) for number in range(FOREIGN - OURS)]
	parts = [everything[start : start + PER_REQUEST] for start in range(0, len(everything), PER_REQUEST)]

	def tick() -> None:
		followup_dispatch_tick()

	answers = []
	for part in parts:
		answers += at_once(*[partial(until_taken, web.url, part)] * COPIES)
		tick()
	assert {answer.status_code for answer in answers} == {200}

	waiting = {name: {"status": "Sent", "provider_id": f"biz-{name}"} for name in names[::10]}
	for name, values in waiting.items():
		frappe.db.set_value(MESSAGE, name, values, update_modified=False)
	frappe.db.commit()  # reason: the senders commit their results
	tick()

	assert frappe.db.count(RECEIPT) == len(everything)
	assert frappe.db.count(RECEIPT, {"status": "Applied"}) == len(ours)
	assert frappe.db.count(RECEIPT, {"status": "Waiting"}) == FOREIGN - OURS
	assert frappe.db.count(MESSAGE, {"name": ("in", names), "status": "Delivered"}) == OURS


@pytest.mark.parametrize("words", ["TD", "hello"])
def test_the_same_reply_many_times_at_once_counts_once(words: str, web: Any) -> None:
	account(AliyunService)
	patient = make.patient(mobile=NUMBER)
	sent(patient, provider=AliyunService.name)
	frappe.db.commit()  # reason: the server is another process
	made = AliyunService().reply(NUMBER, words, at=now())
	answers = at_once(*[partial(deliver, web.url, AliyunService, made)] * 8)
	assert {answer.status_code for answer in answers} <= {200, callback_api.LATER}
	assert deliver(web.url, AliyunService, made).status_code == 200
	frappe.db.commit()  # reason: what the server has committed is seen by a new transaction
	assert frappe.db.count(RECEIPT) == 1
	assert frappe.db.count(CONSENT, {"patient": patient.name}) == (3 if words == "TD" else 0)
	assert frappe.db.count(LOG, {"patient": patient.name}) == (0 if words == "TD" else 1)
