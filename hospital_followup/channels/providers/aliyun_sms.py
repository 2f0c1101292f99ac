"""SMS by Aliyun (Alibaba Cloud), Dysmsapi 2017-05-25.

Send: https://help.aliyun.com/document_detail/419273.html · ask: https://help.aliyun.com/document_detail/419277.html ·
receipts: https://help.aliyun.com/document_detail/101508.html · replies: https://help.aliyun.com/document_detail/101509.html
· signature V3: https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature

The service takes no message twice on purpose ("不支持幂等"), but keeps our reference as OutId and can be asked for it.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from urllib.parse import quote, urlsplit

from hospital_followup.channels.outgoing import Answer, Limits
from hospital_followup.channels.providers.aliyun_errors import DEAD_NUMBERS, REFUSING_PEOPLE, SEND_ERRORS
from hospital_followup.channels.providers.http_provider import HttpProvider
from hospital_followup.channels.providers.outcomes import by_status, judged, unknown
from hospital_followup.channels.signatures import hmac_sha256, same, sha256
from hospital_followup.channels.untrusted import (
	CHINA,
	china_time,
	code,
	identifier,
	json_object,
	json_rows,
	part,
	text,
)
from hospital_followup.channels.untrusted import objects as objects_in
from hospital_followup.engine.message_ports import (
	CallbackAnswer,
	CallbackRequest,
	Delivery,
	OutgoingMessage,
	Reply,
	SendResult,
)

VERSION = "2017-05-25"
ALGORITHM = "ACS3-HMAC-SHA256"
#: Values of SendStatus: 1 waits for the receipt, 2 failed, 3 arrived.
WAITING, FAILED, ARRIVED = "1", "2", "3"
PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class AliyunSmsConfig:
	access_key_id: str
	access_key_secret: str = field(repr=False)
	sign_name: str
	"""The approved signature (短信签名)."""
	callback_key: str = field(default="", repr=False)
	"""Aliyun signs no callbacks: a secret of ours in their address (`?key=…`) tells them from anybody else's."""
	endpoint: str = "https://dysmsapi.aliyuncs.com"
	limits: Limits = field(default_factory=Limits)


class AliyunSms(HttpProvider):
	name = "aliyun_sms"
	channel = "SMS"

	def __init__(self, config: AliyunSmsConfig) -> None:
		super().__init__(config.endpoint, config.limits)
		self._config = config

	def missing(self) -> str | None:
		if not (self._config.access_key_id and self._config.access_key_secret):
			return "access_key_missing"
		return None if self._config.sign_name else "sign_name_missing"

	def hand_over(self, message: OutgoingMessage) -> SendResult:
		if not message.template:
			return SendResult("refused", code="template_missing", reason="template")
		parameters = {
			"OutId": message.reference,
			"PhoneNumbers": message.to.lstrip("+"),
			"SignName": self._config.sign_name,
			"TemplateCode": message.template,
		}
		if message.variables:
			parameters["TemplateParam"] = json.dumps(dict(message.variables), ensure_ascii=False)
		answer = self._call("SendSms", parameters)
		said = json_object(answer.body)
		verdict = code(said.get("Code"))
		if verdict is None:
			return by_status(answer)
		biz_id = identifier(said.get("BizId"), 100)
		if verdict != "OK":
			return judged(verdict, SEND_ERRORS, unknown(answer), answer)
		if not biz_id or answer.status != 200:
			return SendResult("uncertain", code="no_biz_id", reason="unreadable")
		return SendResult("accepted", biz_id)

	def look_up(
		self, reference: str, provider_id: str | None, sent_on: datetime, to: str
	) -> SendResult | Delivery | None:
		"""The message is found by our OutId among the day's messages to the number, at most 50 of them."""
		number = to.lstrip("+")
		parameters = {
			"PhoneNumber": number[2:] if number.startswith("86") and len(number) == 13 else number,
			"SendDate": sent_on.astimezone(CHINA).strftime("%Y%m%d"),
			"PageSize": str(PAGE_SIZE),
			"CurrentPage": "1",
		}
		if provider_id:
			parameters["BizId"] = provider_id
		answer = self._call("QuerySendDetails", parameters)
		said = json_object(answer.body)
		verdict = code(said.get("Code"))
		if verdict != "OK":
			return SendResult(
				"uncertain", provider_id, verdict or f"http_{answer.status}", reason="unreadable"
			)
		for row in objects_in(part(said, "SmsSendDetailDTOs", "SmsSendDetailDTO")):
			if row.get("OutId") == reference:
				return _state(row, reference, provider_id, sent_on)
		return SendResult("uncertain", provider_id, reason="not_found")

	def verify(self, request: CallbackRequest) -> bool:
		return request.method == "POST" and same(request.query.get("key"), self._config.callback_key)

	def receipts(self, request: CallbackRequest) -> tuple[Delivery, ...]:
		found = []
		for row in json_rows(request.body):
			biz_id, reference = identifier(row.get("biz_id"), 100), identifier(row.get("out_id"), 64)
			if not (biz_id or reference) or not isinstance(row.get("success"), bool):
				continue
			said = code(row.get("err_code"))
			found.append(
				Delivery(
					biz_id or None,
					reference or None,
					"delivered" if row["success"] else "failed",
					said,
					china_time(row.get("report_time"), request.received_at),
					dead_number=not row["success"] and said in DEAD_NUMBERS,
					opted_out=not row["success"] and said in REFUSING_PEOPLE,
				)
			)
		return tuple(found)

	def replies(self, request: CallbackRequest) -> tuple[Reply, ...]:
		return tuple(
			Reply(
				text(row.get("phone_number"), 30),
				text(row["content"]),
				china_time(row.get("send_time"), request.received_at),
				identifier(row.get("sequence_id"), 100) or None,
			)
			for row in json_rows(request.body)
			if text(row.get("phone_number"), 30) and isinstance(row.get("content"), str)
		)

	def answer(self, _request: CallbackRequest) -> CallbackAnswer:
		return CallbackAnswer('{"code":0,"msg":"OK"}', "application/json; charset=utf-8")

	def _call(self, action: str, parameters: Mapping[str, str]) -> Answer:
		query = canonical_query(parameters)
		headers = {
			"host": urlsplit(self._endpoint).netloc,
			"x-acs-action": action,
			"x-acs-version": VERSION,
			"x-acs-date": datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
			"x-acs-signature-nonce": secrets.token_hex(16),
			"x-acs-content-sha256": sha256(b""),
		}
		headers["Authorization"] = authorization(
			"POST", "/", query, headers, self._config.access_key_id, self._config.access_key_secret
		)
		return self._exchange(
			"POST", f"/?{query}", headers={**headers, "Accept": "application/json"}, body=b""
		)


def authorization(
	method: str, path: str, query: str, headers: Mapping[str, str], key_id: str, key_secret: str
) -> str:
	"""The Authorization header of signature V3 over `headers`, whose names are in lower case."""
	names = sorted(headers)
	canonical = "\n".join(
		[
			method,
			path,
			query,
			*(f"{name}:{headers[name].strip()}" for name in names),
			"",
			";".join(names),
			headers["x-acs-content-sha256"],
		]
	)
	signature = hmac_sha256(key_secret.encode(), f"{ALGORITHM}\n{sha256(canonical.encode())}").hex()
	return f"{ALGORITHM} Credential={key_id},SignedHeaders={';'.join(names)},Signature={signature}"


def canonical_query(parameters: Mapping[str, str]) -> str:
	"""RFC 3986 encoding, sorted by name."""
	return "&".join(
		f"{quote(name, safe='')}={quote(parameters[name], safe='')}" for name in sorted(parameters)
	)


def _state(
	row: Mapping[str, object], reference: str, provider_id: str | None, sent_on: datetime
) -> SendResult | Delivery:
	status, said = text(row.get("SendStatus"), 5), code(row.get("ErrCode"))
	at = china_time(row.get("ReceiveDate"), sent_on)
	if status == ARRIVED:
		return Delivery(provider_id, reference, "delivered", said, at)
	if status == FAILED:
		dead, refused = said in DEAD_NUMBERS, said in REFUSING_PEOPLE
		return Delivery(provider_id, reference, "failed", said, at, dead_number=dead, opted_out=refused)
	return SendResult("accepted", provider_id, said)
