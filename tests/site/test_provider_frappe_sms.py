"""Frappe's SMS Settings: our request is the one that Frappe itself would make, with a timeout and a result."""

from __future__ import annotations

import frappe
import pytest
from frappe.core.doctype.sms_settings.sms_settings import send_via_gateway

from hospital_followup.channels.providers.frappe_sms import FrappeSms, config_of
from hospital_followup.engine.message_ports import OutgoingMessage
from tests.providers import stubs
from tests.providers.services.gateway import GatewayService
from tests.providers.stubs import PATIENT, Seen, running

MESSAGE = OutgoingMessage("0123456789abcdef" * 4, "+8613800138000", "您好 & welcome +1")


def settings(url: str, use_post: int, as_json: bool):
	doc = frappe.get_single("SMS Settings")
	doc.update(
		{
			"sms_gateway_url": f"{url}/send",
			"message_parameter": "text",
			"receiver_parameter": "to",
			"use_post": use_post,
		}
	)
	doc.set("parameters", [])
	doc.append("parameters", {"parameter": "password", "value": "stub", "header": 0})
	doc.append("parameters", {"parameter": "X-Client", "value": "stub", "header": 1})
	if as_json:
		doc.append("parameters", {"parameter": "Content-Type", "value": "application/json", "header": 1})
	doc.save()
	return doc


def essence(seen: Seen) -> tuple:
	return (
		seen.method,
		seen.path,
		seen.query,
		seen.body,
		seen.headers.get("content-type"),
		seen.headers["x-client"],
		seen.headers["accept"],
	)


@pytest.mark.parametrize("use_post", [0, 1])
@pytest.mark.parametrize("as_json", [False, True])
def test_our_request_is_frappes_request(use_post: int, as_json: bool) -> None:
	with running(GatewayService()) as stub:
		stub.mood = stubs.says(200, b"queued")
		doc = settings(stub.url, use_post, as_json)
		send_via_gateway(
			{"receiver_list": [MESSAGE.to], "message": MESSAGE.body.encode(), "success_msg": False}
		)
		assert FrappeSms(config_of(doc, limits=PATIENT)).send(MESSAGE).state == "accepted"
		theirs, ours = stub.seen
	assert essence(ours) == essence(theirs)


def test_sending_leaves_no_copy_of_the_message_on_the_site() -> None:
	before = frappe.db.count("SMS Log")
	with running(GatewayService()) as stub:
		stub.mood = stubs.says(200, b"queued")
		FrappeSms(config_of(settings(stub.url, 0, False), limits=PATIENT)).send(MESSAGE)
	assert frappe.db.count("SMS Log") == before


def test_a_site_without_a_gateway_says_what_is_missing() -> None:
	doc = frappe.get_single("SMS Settings")
	doc.update({"sms_gateway_url": "", "parameters": []})
	provider = FrappeSms(config_of(doc))
	assert provider.configured() == "gateway_url_missing"
	assert provider.send(MESSAGE).reason == "misconfigured"
