"""Tencent Cloud's SMS service; signatures are checked by Tencent's own SDK."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from datetime import datetime, timedelta, timezone
from typing import ClassVar

from tencentcloud.common.sign import Sign

from hospital_followup.channels.outgoing import Limits
from hospital_followup.channels.providers.tencent_sms import TencentSms, TencentSmsConfig
from hospital_followup.engine.message_ports import CallbackRequest, OutgoingMessage
from tests.providers.services.callbacks import NOW, Forgery, request, with_query
from tests.providers.stubs import Said, Seen

SECRET_ID, SECRET_KEY, CALLBACK_KEY = "AKIDstub", "tencent-secret-canary", "tencent-callback-canary"
CHINA = timezone(timedelta(hours=8))


def error(code: str, status: int = 200) -> Said:
	body = {"Response": {"Error": {"Code": code, "Message": "text with 13800138000"}, "RequestId": "ed93"}}
	return Said(json.dumps(body).encode(), status)


def status(code: str, serial: str = "") -> Said:
	row = {"SerialNo": serial, "PhoneNumber": "+8613800138000", "Fee": 1, "Code": code, "Message": "send"}
	return Said(json.dumps({"Response": {"SendStatusSet": [row], "RequestId": "a0aa"}}).encode())


class TencentService:
	name = "tencent_sms"
	gives_receipts = True
	signs_the_time = False
	secrets = (SECRET_KEY, CALLBACK_KEY)
	answers: ClassVar = [
		(status("InvalidParameterValue.IncorrectPhoneNumber"), "refused", "no_such_number"),
		(status("FailedOperation.PhoneNumberInBlacklist"), "refused", "opted_out"),
		(status("FailedOperation.TemplateIncorrectOrUnapproved"), "refused", "template"),
		(status("FailedOperation.ContainSensitiveWord"), "refused", "content"),
		(status("LimitExceeded.PhoneNumberThirtySecondLimit"), "retry", "address_limit"),
		(error("RequestLimitExceeded"), "retry", "rate_limit"),
		(status("FailedOperation.InsufficientBalanceInSmsPackage"), "retry", "account"),
		(error("AuthFailure.SecretIdNotFound"), "retry", "credentials"),
		(error("FailedOperation.SomethingNew"), "retry", "unknown_code"),
		(status("InternalError.Timeout"), "uncertain", "service_error"),
		(error("Something.New", 502), "uncertain", "unknown_code"),
		(status("Ok"), "uncertain", "unreadable"),
	]

	def __init__(self) -> None:
		self.accepted: Counter[str] = Counter()
		self.log: dict[str, dict[str, str]] = {}

	def provider(self, url: str, limits: Limits) -> TencentSms:
		config = TencentSmsConfig(
			SECRET_ID, SECRET_KEY, "1400006666", "示例医院", CALLBACK_KEY, endpoint=url, limits=limits
		)
		return TencentSms(config)

	def intruder(self, url: str, limits: Limits) -> TencentSms:
		return TencentSms(
			TencentSmsConfig(SECRET_ID, "wrong", "1400006666", "示例医院", endpoint=url, limits=limits)
		)

	def message(self, reference: str = "0123456789abcdef" * 4) -> OutgoingMessage:
		# The tenth variable comes after the second, not after the first.
		variables = {str(number): f"value {number}" for number in (10, 2, 1, 3, 4, 5, 6, 7, 8, 9)}
		return OutgoingMessage(
			reference, "+8613800138000", "canary-body", template="449739", variables=variables
		)

	def carries_message(self, seen: Seen) -> bool:
		return seen.headers.get("x-tc-action") == "SendSms"

	def handle(self, seen: Seen) -> Said:
		if not self._signed(seen):
			return error("AuthFailure.SignatureFailure")
		asked = json.loads(seen.body)
		if seen.headers["x-tc-action"] == "PullSmsSendStatusByPhoneNumber":
			return self._statuses(asked)
		if seen.headers["x-tc-version"] != "2021-01-11" or not seen.headers["x-tc-region"]:
			return error("InvalidParameter")
		if asked["TemplateParamSet"] != [f"value {number}" for number in range(1, 11)]:
			return status("FailedOperation.TemplateParamSetNotMatchApprovedTemplate")
		reference = asked["SessionContext"]
		self.accepted[reference] += 1
		serial = f"5000:1045710669157053{len(self.log)}"
		self.log[reference] = {"serial": serial, "number": asked["PhoneNumberSet"][0], "status": ""}
		return status("Ok", serial)

	def settle(self, reference: str, state: str) -> None:
		self.log[reference]["status"] = "SUCCESS" if state == "delivered" else "FAIL"

	def _statuses(self, asked: dict[str, object]) -> Said:
		"""Only what the carrier has reported is listed."""
		rows = [
			{
				"UserReceiveTime": int(NOW.timestamp()),
				"PhoneNumber": row["number"],
				"SerialNo": row["serial"],
				"ReportStatus": row["status"],
				"Description": "DELIVRD" if row["status"] == "SUCCESS" else "UNDELIV",
				"SessionContext": reference,
			}
			for reference, row in self.log.items()
			if row["number"] == asked["PhoneNumber"] and row["status"]
		]
		return Said(json.dumps({"Response": {"PullSmsSendStatusSet": rows, "RequestId": "a0aa"}}).encode())

	def _signed(self, seen: Seen) -> bool:
		moment = seen.headers["x-tc-timestamp"]
		day = datetime.fromtimestamp(int(moment), timezone.utc).strftime("%Y-%m-%d")
		canonical = "\n".join(
			[
				seen.method,
				seen.path,
				seen.raw_query,
				f"content-type:{seen.headers['content-type']}",
				f"host:{seen.headers['host']}",
				"",
				"content-type;host",
				hashlib.sha256(seen.body).hexdigest(),
			]
		)
		hashed = hashlib.sha256(canonical.encode()).hexdigest()
		to_sign = f"TC3-HMAC-SHA256\n{moment}\n{day}/sms/tc3_request\n{hashed}"
		signature = Sign.sign_tc3(SECRET_KEY, day, "sms", to_sign)
		return seen.headers["authorization"] == (
			f"TC3-HMAC-SHA256 Credential={SECRET_ID}/{day}/sms/tc3_request, "
			f"SignedHeaders=content-type;host, Signature={signature}"
		)

	def receipt(
		self, _reference: str, provider_id: str, state: str = "delivered", at: datetime = NOW
	) -> CallbackRequest:
		row = {
			"user_receive_time": at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S"),
			"nationcode": "86",
			"mobile": "13800138000",
			"report_status": "SUCCESS" if state == "delivered" else "FAIL",
			"errmsg": "DELIVRD" if state == "delivered" else "MK:0001",
			"description": "用户短信送达成功",
			"sid": provider_id,
		}
		return request(json.dumps([row]).encode(), query={"key": CALLBACK_KEY}, at=at)

	def under_way(self, _reference: str, _provider_id: str) -> CallbackRequest | None:
		return None

	def reply(self, sender: str, words: str, at: datetime = NOW) -> CallbackRequest:
		row = {
			"extend": "",
			"mobile": sender.removeprefix("+86"),
			"nationcode": "86",
			"sign": "示例医院",
			"text": words,
			"time": int(at.timestamp()),
		}
		return request(json.dumps(row).encode(), query={"key": CALLBACK_KEY}, at=at)

	def forgeries(self, made: CallbackRequest) -> list[Forgery]:
		return [
			Forgery("wrong key", with_query(made, key="guess")),
			Forgery("empty key", with_query(made, key="")),
			Forgery("no key", request(made.body)),
			Forgery("key in a GET", request(made.body, method="GET", query=made.query)),
		]
