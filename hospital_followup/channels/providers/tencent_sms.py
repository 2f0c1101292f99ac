"""SMS by Tencent Cloud, API 3.0 version 2021-01-11.

Send: https://cloud.tencent.com/document/product/382/55981 · ask: https://cloud.tencent.com/document/product/382/55982 ·
receipts: https://cloud.tencent.com/document/product/382/59178 (English: https://www.tencentcloud.com/document/product/382/43547)
· replies: https://www.tencentcloud.com/document/product/382/43548 · signature TC3-HMAC-SHA256:
https://cloud.tencent.com/document/api/382/52067

Our reference goes along as SessionContext; the service gives it back at once and, where that is switched on for the account,
when it is asked later.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from urllib.parse import urlsplit

from hospital_followup.channels.outgoing import Answer, Limits
from hospital_followup.channels.providers.http_provider import HttpProvider
from hospital_followup.channels.providers.outcomes import by_status, judged, unknown
from hospital_followup.channels.providers.tencent_errors import SEND_ERRORS
from hospital_followup.channels.signatures import hmac_sha256, same, sha256
from hospital_followup.channels.untrusted import (
	china_time,
	code,
	identifier,
	json_object,
	json_rows,
	objects,
	part,
	text,
	unix_time,
)
from hospital_followup.engine.message_ports import (
	CallbackAnswer,
	CallbackRequest,
	Delivery,
	OutgoingMessage,
	Reply,
	SendResult,
)

VERSION = "2021-01-11"
ALGORITHM = "TC3-HMAC-SHA256"
JSON_TYPE = "application/json; charset=utf-8"
SIGNED_HEADERS = "content-type;host"
#: Both are the service's own limits.
MOST_ROWS, OLDEST = 100, timedelta(days=7)
ASKED_FOR = timedelta(hours=72)
"""How long after sending a receipt can come; carriers give up after three days."""


@dataclass(frozen=True, slots=True)
class TencentSmsConfig:
	secret_id: str
	secret_key: str = field(repr=False)
	sdk_app_id: str
	sign_name: str
	callback_key: str = field(default="", repr=False)
	"""Tencent Cloud signs no callbacks: a secret of ours in their address (`?key=…`) tells them from anybody else's."""
	region: str = "ap-guangzhou"
	endpoint: str = "https://sms.tencentcloudapi.com"
	limits: Limits = field(default_factory=Limits)


class TencentSms(HttpProvider):
	name = "tencent_sms"
	channel = "SMS"

	def __init__(self, config: TencentSmsConfig) -> None:
		super().__init__(config.endpoint, config.limits)
		self._config = config

	def missing(self) -> str | None:
		if not (self._config.secret_id and self._config.secret_key):
			return "secret_missing"
		if not self._config.sdk_app_id:
			return "sdk_app_id_missing"
		return None if self._config.sign_name else "sign_name_missing"

	def hand_over(self, message: OutgoingMessage) -> SendResult:
		if not message.template:
			return SendResult("refused", code="template_missing", reason="template")
		answer = self._call(
			"SendSms",
			{
				"PhoneNumberSet": [message.to],
				"SmsSdkAppId": self._config.sdk_app_id,
				"SignName": self._config.sign_name,
				"TemplateId": message.template,
				"TemplateParamSet": in_order(message.variables),
				"SessionContext": message.reference,
			},
		)
		said = json_object(answer.body)
		refusal = code(part(said, "Response", "Error", "Code"))
		if refusal:
			return judged(refusal, SEND_ERRORS, unknown(answer), answer)
		statuses = objects(part(said, "Response", "SendStatusSet"))
		verdict = code(statuses[0].get("Code")) if len(statuses) == 1 else None
		if verdict is None:
			return by_status(answer)
		if verdict != "Ok":
			return judged(verdict, SEND_ERRORS, unknown(answer), answer)
		serial = identifier(statuses[0].get("SerialNo"), 100)
		if not serial or answer.status != 200:
			return SendResult("uncertain", code="no_serial_no", reason="unreadable")
		return SendResult("accepted", serial)

	def look_up(
		self, reference: str, provider_id: str | None, sent_on: datetime, to: str
	) -> SendResult | Delivery | None:
		"""The receipts of the number since the message was sent; none of older messages, which the service has dropped."""
		now = datetime.now(timezone.utc)
		if now - sent_on > OLDEST:
			return None
		answer = self._call(
			"PullSmsSendStatusByPhoneNumber",
			{
				"BeginTime": int((sent_on - timedelta(minutes=1)).timestamp()),
				"EndTime": int(min(now, sent_on + ASKED_FOR).timestamp()),
				"Offset": 0,
				"Limit": MOST_ROWS,
				"PhoneNumber": to,
				"SmsSdkAppId": self._config.sdk_app_id,
			},
		)
		said = json_object(answer.body)
		rows = part(said, "Response", "PullSmsSendStatusSet")
		if not isinstance(rows, list):
			refusal = code(part(said, "Response", "Error", "Code"))
			return SendResult(
				"uncertain", provider_id, refusal or f"http_{answer.status}", reason="unreadable"
			)
		for row in objects(rows):
			serial = identifier(row.get("SerialNo"), 100)
			if row.get("SessionContext") != reference and (not provider_id or serial != provider_id):
				continue
			return _delivery(
				serial or provider_id,
				reference,
				row.get("ReportStatus"),
				row.get("Description"),
				unix_time(row.get("UserReceiveTime"), now),
			) or SendResult("accepted", serial or provider_id)
		return SendResult("uncertain", provider_id, reason="not_found")

	def verify(self, request: CallbackRequest) -> bool:
		return request.method == "POST" and same(request.query.get("key"), self._config.callback_key)

	def receipts(self, request: CallbackRequest) -> tuple[Delivery, ...]:
		found = (
			_delivery(
				identifier(row.get("sid"), 100),
				None,
				row.get("report_status"),
				row.get("errmsg"),
				china_time(row.get("user_receive_time"), request.received_at),
			)
			for row in json_rows(request.body)
			if identifier(row.get("sid"), 100)
		)
		return tuple(delivery for delivery in found if delivery)

	def replies(self, request: CallbackRequest) -> tuple[Reply, ...]:
		found = []
		for row in json_rows(request.body):
			nation, mobile = text(row.get("nationcode"), 5), text(row.get("mobile"), 30)
			if not mobile or not isinstance(row.get("text"), str):
				continue
			sender = f"+{nation.lstrip('+')}{mobile}" if nation and not mobile.startswith("+") else mobile
			at = unix_time(row.get("time"), request.received_at)
			found.append(Reply(sender, text(row["text"]), at, None))
		return tuple(found)

	def answer(self, _request: CallbackRequest) -> CallbackAnswer:
		return CallbackAnswer('{"result":0,"errmsg":"OK"}', "application/json; charset=utf-8")

	def _call(self, action: str, parameters: Mapping[str, object]) -> Answer:
		body = json.dumps(parameters, ensure_ascii=False).encode()
		host, now = urlsplit(self._endpoint).netloc, int(time.time())
		headers = {
			"Host": host,
			"Content-Type": JSON_TYPE,
			"X-TC-Action": action,
			"X-TC-Version": VERSION,
			"X-TC-Region": self._config.region,
			"X-TC-Timestamp": str(now),
			"Authorization": authorization(
				host, body, now, self._config.secret_id, self._config.secret_key, "sms"
			),
		}
		return self._exchange("POST", "/", headers=headers, body=body)


def authorization(
	host: str, body: bytes, timestamp: int, secret_id: str, secret_key: str, service: str
) -> str:
	"""The Authorization header of TC3-HMAC-SHA256 over a JSON body posted to `/`."""
	day = datetime.fromtimestamp(timestamp, timezone.utc).strftime("%Y-%m-%d")
	scope = f"{day}/{service}/tc3_request"
	canonical = f"POST\n/\n\ncontent-type:{JSON_TYPE}\nhost:{host}\n\n{SIGNED_HEADERS}\n{sha256(body)}"
	key = f"TC3{secret_key}".encode()
	for step in (day, service, "tc3_request"):
		key = hmac_sha256(key, step)
	to_sign = f"{ALGORITHM}\n{timestamp}\n{scope}\n{sha256(canonical.encode())}"
	signature = hmac_sha256(key, to_sign).hex()
	return (
		f"{ALGORITHM} Credential={secret_id}/{scope}, SignedHeaders={SIGNED_HEADERS}, Signature={signature}"
	)


def in_order(variables: Mapping[str, str]) -> list[str]:
	"""Tencent's templates number their variables ({1}, {2}…): by number when the names are numbers, else as they come."""
	names = list(variables)
	if all(name.isascii() and name.isdecimal() for name in names):
		names.sort(key=int)
	return [variables[name] for name in names]


def _delivery(
	serial: str | None, reference: str | None, status: object, said: object, at: datetime
) -> Delivery | None:
	"""The carriers' own words for a failure differ too much to conclude from them that a number is dead."""
	word = code(said)
	if status == "SUCCESS":
		return Delivery(serial, reference, "delivered", word, at)
	if status == "FAIL":
		return Delivery(serial, reference, "failed", word, at)
	return None
