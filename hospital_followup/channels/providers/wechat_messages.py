"""What WeChat and WeCom send us: XML, signed, and encrypted where the account is set up safely.

Signature and age: https://developers.weixin.qq.com/doc/offiaccount/Basic_Information/Access_Overview.html ·
https://developer.work.weixin.qq.com/document/path/90238 · messages:
https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Receiving_standard_messages.html · events:
https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Receiving_event_pushes.html
"""

from __future__ import annotations

from collections.abc import Mapping

from hospital_followup.channels.signatures import recent, same
from hospital_followup.channels.untrusted import identifier, text, unix_time, xml_fields
from hospital_followup.channels.wechat_crypto import decrypted, signature
from hospital_followup.engine.message_ports import CallbackRequest, Reply, ReplyKind

FOLLOWING: Mapping[str, ReplyKind] = {"subscribe": "subscribed", "unsubscribe": "unsubscribed"}


def genuine(request: CallbackRequest, token: str, *sealed: str) -> bool:
	"""Whether the query's signature is the one of `token`, time and nonce, and of what is `sealed` by it; and recent."""
	query = request.query
	when, nonce = query.get("timestamp", ""), query.get("nonce", "")
	given = query.get("msg_signature" if sealed else "signature")
	expected = signature(token, when, nonce, *sealed)
	return bool(token) and recent(when, request.received_at) and same(given, expected)


def sealed_part(request: CallbackRequest) -> str:
	"""The encrypted part of a posted message; empty when there is none."""
	return xml_fields(request.body).get("Encrypt", "")


def opened(request: CallbackRequest, aes_key: str, receiver: str) -> dict[str, str]:
	"""The fields of a posted message: decrypted when there is a key, else as they came."""
	if not aes_key:
		return xml_fields(request.body)
	return xml_fields(decrypted(sealed_part(request), aes_key, receiver) or "")


def reply(fields: Mapping[str, str], request: CallbackRequest) -> tuple[Reply, ...]:
	"""A text that a person sent, or that they began or ceased to follow the account; nothing for anything else."""
	sender = text(fields.get("FromUserName"), 140)
	at = unix_time(fields.get("CreateTime"), request.received_at)
	kind = FOLLOWING.get(fields.get("Event", "")) if fields.get("MsgType") == "event" else None
	if sender and kind:
		# An event has no id; WeChat says to tell copies apart by sender and time.
		return (Reply(sender, "", at, f"{sender}:{text(fields.get('CreateTime'), 20)}", kind),)
	if sender and fields.get("MsgType") == "text":
		return (Reply(sender, text(fields.get("Content")), at, identifier(fields.get("MsgId"), 64) or None),)
	return ()
