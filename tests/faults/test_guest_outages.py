"""Patients and message services call while Redis is down: they are served, and no log learns what they said."""

from __future__ import annotations

from typing import Any

import frappe
import requests

from hospital_followup.services import provider_settings
from tests.providers.services.push import PushService
from tests.site.pages import PAGE, page
from tests.site.reports import RECEIPT, account, deliver, now
from tests.stack.connection import Site
from tests.support.traces import found_in_error_rows, found_in_files

CANARY = "canary-Kx4-left-knee"
METHOD = "/api/method/hospital_followup.page_api."


def test_the_page_opens_and_keeps_what_is_said(site: Site, web: Any) -> None:
	doc, token = page()
	frappe.db.commit()  # reason: the server is another process
	site.stack.redis.kill()

	def call(method: str, **values: Any) -> dict[str, Any]:
		answer = requests.post(web.url + METHOD + method, json={"token": token, **values})
		assert answer.status_code == 200, answer.text[:300]
		return answer.json()["message"]

	assert call("open_page")["state"] == "open"
	call("save_page", answers={"wish": CANARY}, fields={"comment": CANARY}, sequence=1)
	assert call("ask_for_call")["call"]
	assert requests.post(web.url + METHOD + "open_page", json={"token": "A" * 32}).status_code == 200
	site.stack.redis.start()
	site.reconnect()
	kept = frappe.get_doc(PAGE, doc.name)
	assert (kept.comment, kept.wants_call) == (CANARY, 1)
	assert found_in_error_rows(CANARY, token) == []
	assert found_in_files(CANARY, token) == []


def test_a_service_is_heard_and_a_stranger_is_not(site: Site, web: Any) -> None:
	account(PushService)
	frappe.db.commit()  # reason: the server is another process
	site.stack.redis.kill()
	service = PushService()
	assert deliver(web.url, service, service.receipt("0" * 32, "id-1", at=now())).status_code == 200
	forged = requests.post(
		web.url + provider_settings.CALLBACK_PATH,
		params={"provider": service.name},
		data={"From": CANARY, "Body": CANARY},
	)
	assert (forged.status_code, forged.text) == (403, "")
	site.stack.redis.start()
	site.reconnect()
	assert frappe.db.count(RECEIPT) == 1
	assert found_in_error_rows(CANARY) == []
	assert found_in_files(CANARY) == []
