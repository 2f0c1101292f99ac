"""What message services call, without signing in: receipts and replies, each verified by its provider.

Whoever cannot prove to be the service gets 403 and not a word more. A verified request is taken whole or not at all: the
service is told "done" only when everything is in the database, and calls again otherwise.
"""

from datetime import datetime, timezone

import frappe
from werkzeug.wrappers import Response

from hospital_followup.engine.message_ports import CallbackAnswer, CallbackRequest, MessageProvider
from hospital_followup.services import guest_counts, guest_requests, provider_settings, receipts, replies
from hospital_followup.services.failures import code_of
from hospital_followup.services.retry import with_retry

#: Bytes of a request: a thousand receipts of the most talkative service.
MAX_BYTES = 256 * 1024
#: Refused requests from one address within the window, after which it is told so. Genuine requests are never counted nor
#: refused for it: behind a proxy the forger and the service have one address, and a patient's "stop" comes through.
MAX_REFUSED = 60
WINDOW = 600
DONE, REFUSED, TOO_LARGE, TOO_MANY, LATER = 200, 403, 413, 429, 503


@frappe.whitelist(allow_guest=True, methods=["GET", "POST"])
def receive() -> Response:
	"""Take what a service reports. Its Follow-up Provider is named in the address: `?provider=…`."""
	guest_requests.forget_contents()
	request = _request()
	if len(request.body) > MAX_BYTES:
		return _said(CallbackAnswer(status=TOO_LARGE))
	name = request.query.get("provider", "")
	try:
		provider = _provider(name)
		if provider is None or not provider.verify(request):
			return _said(CallbackAnswer(status=_refusal()))
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
	"""The provider of this name; one that is switched off still reports about what it has sent, one that lacks anything not.

	Without its secrets a provider could not tell the service from a stranger, whatever its protocol does with an empty key.
	"""
	if not name or not frappe.db.exists(provider_settings.PROVIDER, name):
		return None
	provider = provider_settings.made(frappe.get_cached_doc(provider_settings.PROVIDER, name))
	return provider if provider.configured() is None else None


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


def _refusal() -> int:
	refused = guest_counts.count("followup_callback", frappe.local.request_ip, WINDOW)
	return TOO_MANY if refused > MAX_REFUSED else REFUSED
