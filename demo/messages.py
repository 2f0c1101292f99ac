"""Messages of the demo: they go to a gateway on this machine, which tells that they arrived, and patients answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone
from random import Random

import frappe
from frappe.utils import now_datetime

from demo.answers import answers
from demo.care import signed_in
from hospital_followup import jobs, page_api
from hospital_followup.engine.message_ports import Delivery, Reply
from hospital_followup.services import consents, go_live, page_links, questionnaires, receipts, replies

MESSAGE, PAGE = "Follow-up Message", "Follow-up Survey"
PROVIDER = "演示短信网关"
#: Share of patients who agree to text messages on the way home.
AGREES = 0.8
#: What becomes of a message that went out, with its weight; the rest of a hundred are not answered. One that does not
#: arrive never does, so its lot is its own.
ARRIVES = 0.95
ANSWERS_PAGE, ASKS_FOR_CALL, WRITES_BACK, STOPS = 0.55, 0.06, 0.08, 0.03
WORDS = ("谢谢，恢复得挺好的。", "收到，下周按时来复诊。", "伤口还有点痒，正常吗？", "谢谢医生关心！")


def set_up(gateway: str, address: str) -> None:
	"""An account at the gateway as an administrator enters it, the site's own address, and sending switched on."""
	sms = frappe.get_single("SMS Settings")
	sms.update({"sms_gateway_url": gateway, "message_parameter": "text", "receiver_parameter": "to"})
	sms.update({"use_post": 1}).save()
	values = {"provider": "Frappe SMS Settings", "enabled": 1, "allow_private": 1, "success_text": "OK"}
	frappe.get_doc({"doctype": "Follow-up Provider", "title": PROVIDER, **values}).insert()
	settings = frappe.get_single("Follow-up Settings")
	settings.update({"base_url": address, "default_language": "zh"}).save()
	go_live.switch_on()
	frappe.db.commit()  # reason: the switch leaves its mark in the site's folder once it is committed


def ask_consent(random: Random, patient: str) -> None:
	"""On the way home most patients agree to text messages."""
	if random.random() < AGREES:
		consents.give(patient, "SMS", ("Clinical", "Survey"), evidence="出院时床旁说明并同意")


def send() -> None:
	"""What is due goes to the gateway, as by the job in the background."""
	jobs.followup_send_messages()


def arrive_and_are_answered(random: Random) -> None:
	"""The gateway reports what arrived; some patients open their page, some write back, hardly anybody stops."""
	for message in frappe.get_all(
		MESSAGE,
		filters={"status": "Sent"},
		fields=["name", "reference", "recipient", "survey"],
		order_by="sent_at, name",
	):
		if Random(message.reference).random() < ARRIVES:
			report = Delivery(None, message.reference, "delivered", "DELIVRD", _moment())
			receipts.take(PROVIDER, [report], now_datetime())
			frappe.db.commit()  # reason: one report, one transaction
			_react(random, message)


def page_to_look_at() -> str | None:
	"""The address of a page that a patient has not answered yet."""
	waiting = frappe.get_all(
		PAGE,
		filters={
			"status": ("in", ("Sent", "Opened")),
			"questionnaire": ("is", "set"),
			"expires_at": (">", now_datetime()),
		},
		pluck="name",
		order_by="creation desc, name",
		limit=1,
	)
	return page_links.link_of(waiting[0]) if waiting else None


def _react(random: Random, message: frappe._dict) -> None:
	chance = random.random()
	if message.survey and chance < ANSWERS_PAGE:
		_fill_in(random, message.survey)
	elif message.survey and chance < ANSWERS_PAGE + ASKS_FOR_CALL:
		_on_page(message.survey, page_api.ask_for_call)
	elif chance > 1 - STOPS:
		_write_back(message, "退订")
	elif chance > 1 - STOPS - WRITES_BACK:
		_write_back(message, random.choice(WORDS))


def _fill_in(random: Random, name: str) -> None:
	page = frappe.get_doc(PAGE, name)
	given = answers(random, questionnaires.load(page.questionnaire)) if page.questionnaire else {}
	fields = {
		"satisfaction": random.choice((5, 5, 5, 4, 4, 3)),
		"recommend": str(random.choice((10, 9, 9, 8, 7))),
	}
	_on_page(name, page_api.open_page)
	_on_page(
		name, page_api.hand_in, answers=given, fields=fields if page.asks_satisfaction else {}, anyway=True
	)


def _on_page(name: str, call: Callable[..., object], **said: object) -> None:
	"""What the patient's browser calls, without signing in."""
	speaks = frappe.local.lang
	with signed_in("Guest"):
		call(token=page_links.token_of(name), **said)
		frappe.db.commit()  # reason: one request, one transaction
	frappe.local.lang = speaks


def _write_back(message: frappe._dict, words: str) -> None:
	reply = Reply(message.recipient, words, _moment(), f"demo-{message.name}")
	replies.take(PROVIDER, "SMS", [reply], now_datetime())
	frappe.db.commit()  # reason: one reply, one transaction


def _moment() -> datetime:
	return datetime.now(timezone.utc)
