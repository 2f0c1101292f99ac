"""What message services call, without signing in: receipts and replies, each verified by its provider.

Whoever cannot prove to be the service gets 403 and not a word more. A verified request is taken whole or not at all: the
service is told "done" only when everything is in the database, and calls again otherwise.
"""

import hashlib
from datetime import datetime, timezone

import frappe
from redis.exceptions import ConnectionError as RedisDownError
from werkzeug.wrappers import Response

from hospital_followup.engine.message_ports import CallbackAnswer, CallbackRequest, MessageProvider
from hospital_followup.services import provider_settings, receipts, replies
from hospital_followup.services.failures import code_of
from hospital_followup.services.retry import with_retry

#: Bytes of a request: a thousand receipts of the most talkative service.
MAX_BYTES = 256 * 1024
#: Refused requests from one address within the window, after which it is not listened to for the rest of it. Genuine
#: requests are never counted: a hundred thousand receipts in an hour are a good day.
MAX_REFUSED = 60
WINDOW = 600
DONE, REFUSED, TOO_LARGE, TOO_MANY, LATER = 200, 403, 413, 429, 503


@frappe.whitelist(allow_guest=True, methods=["GET", "POST"])
def receive() -> Response:
	"""Take what a service reports. Its Follow-up Provider is named in the address: `?provider=…`."""
	request = _request()
	if len(request.body) > MAX_BYTES:
		return _said(CallbackAnswer(status=TOO_LARGE))
	if _refused_so_far() >= MAX_REFUSED:
		return _said(CallbackAnswer(status=TOO_MANY))
	name = request.query.get("provider", "")
	try:
		provider = _provider(name)
		if provider is None or not provider.verify(request):
			_count_refusal()
			return _said(CallbackAnswer(status=REFUSED))
		failed = with_retry(lambda: _take(name, provider, request), commit=False)
	except Exception as error:
		# Frappe would keep the local variables, and with them numbers and words, in its error log.
		frappe.db.rollback()
		frappe.logger("hospital_followup").error("callback: %s", code_of(error))
		return _said(CallbackAnswer(status=LATER))
	return _said(CallbackAnswer(status=LATER) if failed else provider.answer(request))


def _take(name: str, provider: MessageProvider, request: CallbackRequest) -> int:
	"""Everything that the request reports; returns how many replies the service is to send again."""
	now = frappe.utils.now_datetime()
	deliveries = provider.receipts(request)
	if deliveries:
		receipts.take(name, deliveries, now)
	return replies.take(name, provider.channel, provider.replies(request), now)


def _provider(name: str) -> MessageProvider | None:
	"""The provider of this name; one that is switched off still reports about what it has sent."""
	if not name or not frappe.db.exists(provider_settings.PROVIDER, name):
		return None
	return provider_settings.made(frappe.get_cached_doc(provider_settings.PROVIDER, name))


def _request() -> CallbackRequest:
	"""The request as it came: the services sign the raw body."""
	request = frappe.request
	return CallbackRequest(
		request.method,
		request.path,
		request.args.to_dict(),
		{name.lower(): value for name, value in request.headers.items()},
		request.get_data(),
		datetime.now(timezone.utc),
	)


def _said(answer: CallbackAnswer) -> Response:
	response = Response(answer.body, answer.status, content_type=answer.content_type)
	response.headers["Cache-Control"] = "no-store"
	response.headers["X-Content-Type-Options"] = "nosniff"
	return response


def _refused_so_far() -> int:
	try:
		return int(frappe.cache.get(_counter()) or 0)
	except RedisDownError:
		return 0


def _count_refusal() -> None:
	"""Without Redis nobody is counted: the signature still stands between a stranger and the patients."""
	try:
		if frappe.cache.incrby(_counter(), 1) == 1:
			frappe.cache.expire(_counter(), WINDOW)
	except RedisDownError:
		frappe.logger("hospital_followup").warning("callback: refusals are not counted")


def _counter() -> bytes:
	address = hashlib.sha256(str(frappe.local.request_ip).encode("utf-8", "replace")).hexdigest()[:32]
	return frappe.cache.make_key(f"followup_callback:{address}")
