"""Aliyun's SMS service; signatures are checked by Aliyun's own SDK."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime, timedelta, timezone
from types import SimpleNamespace
from typing import ClassVar

from alibabacloud_tea_openapi.utils import Utils

from hospital_followup.channels.outgoing import Limits
from hospital_followup.channels.providers.aliyun_sms import AliyunSms, AliyunSmsConfig
from hospital_followup.engine.message_ports import CallbackRequest, OutgoingMessage
from tests.providers.services.callbacks import NOW, Forgery, request, with_query
from tests.providers.stubs import Said, Seen

KEY_ID, SECRET, CALLBACK_KEY = "LTAI5tStub", "aliyun-secret-canary", "aliyun-callback-canary"
CHINA = timezone(timedelta(hours=8))


def said(code: str, status: int = 200, **more: str) -> Said:
	body = {"Message": "free text with 13800138000 in it", "RequestId": "7B1B", "Code": code, **more}
	return Said(json.dumps(body).encode(), status)


class AliyunService:
	name = "aliyun_sms"
	gives_receipts = True
	signs_the_time = False
	secrets = (SECRET, CALLBACK_KEY)
	variables = frozenset({"name", "day"})
	"""Of its approved template."""
	answers: ClassVar = [
		(said("isv.MOBILE_NUMBER_ILLEGAL"), "refused", "no_such_number"),
		(said("isv.SMS_TEMPLATE_ILLEGAL"), "refused", "template"),
		(said("isv.BLACK_KEY_CONTROL_LIMIT"), "refused", "content"),
		(said("isv.BUSINESS_LIMIT_CONTROL"), "retry", "address_limit"),
		(said("isv.OUT_OF_SERVICE"), "retry", "account"),
		(said("Throttling.User", 400), "retry", "rate_limit"),
		(said("InvalidAccessKeyId.NotFound", 404), "retry", "credentials"),
		(said("isv.SOMETHING_NEW"), "retry", "unknown_code"),
		(said("isp.SYSTEM_ERROR"), "uncertain", "service_error"),
		(said("Something.New", 500), "uncertain", "unknown_code"),
		(said("OK"), "uncertain", "unreadable"),  # taken, they say, and name no message
	]

	def __init__(self) -> None:
		self.accepted: Counter[str] = Counter()
		self.log: dict[str, dict[str, str]] = {}

	def provider(self, url: str, limits: Limits) -> AliyunSms:
		return AliyunSms(
			AliyunSmsConfig(KEY_ID, SECRET, "示例医院", CALLBACK_KEY, endpoint=url, limits=limits)
		)

	def intruder(self, url: str, limits: Limits) -> AliyunSms:
		return AliyunSms(AliyunSmsConfig(KEY_ID, "wrong", "示例医院", endpoint=url, limits=limits))

	def message(self, reference: str = "0123456789abcdef" * 4) -> OutgoingMessage:
		return OutgoingMessage(
			reference,
			"+8613800138000",
			"canary-body",
			template="SMS_100",
			variables={"name": "王*", "day": "3 月 5 日 & 上午+1~*'"},
		)

	def carries_message(self, seen: Seen) -> bool:
		return seen.headers.get("x-acs-action") == "SendSms"

	def handle(self, seen: Seen) -> Said:
		if not self._signed(seen):
			return said("SignatureDoesNotMatch", 400)
		if seen.headers["x-acs-action"] == "QuerySendDetails":
			return self._details(seen.query)
		query = seen.query
		if not query["PhoneNumbers"].isdecimal() or set(json.loads(query["TemplateParam"])) != self.variables:
			return said("isv.INVALID_PARAMETERS")
		reference = query["OutId"]
		self.accepted[reference] += 1
		self.log[reference] = {
			"biz": f"9006195{len(self.log)}^0",
			"number": query["PhoneNumbers"],
			"status": "1",
		}
		return said("OK", BizId=self.log[reference]["biz"])

	def settle(self, reference: str, state: str) -> None:
		"""The carrier has reported."""
		self.log[reference]["status"] = "3" if state == "delivered" else "2"

	def _details(self, query: dict[str, str]) -> Said:
		if len(query["PhoneNumber"]) != 11 or len(query["SendDate"]) != 8:
			return said("isv.INVALID_PARAMETERS")
		rows = [
			{
				"OutId": reference,
				"PhoneNum": query["PhoneNumber"],
				"SendStatus": int(row["status"]),
				"ErrCode": "DELIVERED" if row["status"] == "3" else "UNDELIVERED",
				"ReceiveDate": "2026-03-02 16:00:05",
				"Content": "free text",
			}
			for reference, row in self.log.items()
			if row["number"].endswith(query["PhoneNumber"])
		]
		body = {"Code": "OK", "TotalCount": len(rows), "SmsSendDetailDTOs": {"SmsSendDetailDTO": rows}}
		return Said(json.dumps(body).encode())

	def _signed(self, seen: Seen) -> bool:
		names = seen.headers["authorization"].split("SignedHeaders=")[1].split(",")[0].split(";")
		headers = {name: seen.headers[name] for name in names}
		asked = SimpleNamespace(method=seen.method, pathname=seen.path, query=seen.query, headers=headers)
		expected = Utils.get_authorization(
			asked, "ACS3-HMAC-SHA256", headers["x-acs-content-sha256"], KEY_ID, SECRET
		)
		return seen.headers["authorization"] == expected

	def receipt(
		self, reference: str, provider_id: str, state: str = "delivered", at: datetime = NOW
	) -> CallbackRequest:
		row = {
			"phone_number": "13800138000",
			"send_time": "2026-03-02 15:59:58",
			"report_time": at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S"),
			"success": state == "delivered",
			"err_code": "DELIVERED" if state == "delivered" else "MOBILE_NOT_ON_SERVICE",
			"err_msg": "用户接收成功",
			"sms_size": "1",
			"biz_id": provider_id,
			"out_id": reference,
		}
		return request(json.dumps([row]).encode(), query={"key": CALLBACK_KEY}, at=at)

	def under_way(self, _reference: str, _provider_id: str) -> CallbackRequest | None:
		return None

	def reply(self, sender: str, words: str, at: datetime = NOW) -> CallbackRequest:
		row = {
			"phone_number": sender,
			"send_time": at.astimezone(CHINA).strftime("%Y%m%d%H%M%S"),
			"content": words,
			"sign_name": "示例医院",
			"dest_code": "1234",
			"sequence_id": 1234567890,
		}
		return request(json.dumps([row]).encode(), query={"key": CALLBACK_KEY}, at=at)

	def forgeries(self, made: CallbackRequest) -> list[Forgery]:
		return [
			Forgery("wrong key", with_query(made, key="guess")),
			Forgery("empty key", with_query(made, key="")),
			Forgery("no key", request(made.body)),
			Forgery("key in a GET", request(made.body, method="GET", query=made.query)),
		]
