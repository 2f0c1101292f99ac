"""From an answer to one of four words: accepted, refused, retry, uncertain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hospital_followup.channels.outgoing import Answer
from hospital_followup.channels.untrusted import seconds
from hospital_followup.engine.message_ports import Reason, SendResult, SendState

#: Seconds until the next day's, hour's or minute's quota is worth a try.
DAY, HOUR, MINUTE = 6 * 3600, 3600, 60


@dataclass(frozen=True, slots=True)
class Verdict:
	"""What one error code means for the message."""

	state: SendState
	reason: Reason
	wait: int | None = None
	"""Seconds before another try makes sense."""


NO_SUCH_NUMBER = Verdict("refused", "no_such_number")
BAD_ADDRESS = Verdict("refused", "bad_address")
OPTED_OUT = Verdict("refused", "opted_out")
NOT_WANTED = Verdict("refused", "not_wanted")
CONTENT = Verdict("refused", "content")
TEMPLATE = Verdict("refused", "template")
NOT_ALLOWED = Verdict("refused", "not_allowed")
#: An administrator can put these right while the message is still worth sending.
CREDENTIALS = Verdict("retry", "credentials", wait=10 * MINUTE)
ACCOUNT = Verdict("retry", "account", wait=HOUR)
MISCONFIGURED = Verdict("retry", "misconfigured", wait=10 * MINUTE)
RATE_LIMIT = Verdict("retry", "rate_limit", wait=MINUTE)
DAY_LIMIT = Verdict("retry", "rate_limit", wait=DAY)
ADDRESS_MINUTE = Verdict("retry", "address_limit", wait=MINUTE)
ADDRESS_HOUR = Verdict("retry", "address_limit", wait=HOUR)
ADDRESS_DAY = Verdict("retry", "address_limit", wait=DAY)
#: The service says that it failed, and not whether before or after it took the message.
FAILED_INSIDE = Verdict("uncertain", "service_error")
#: The service says that it is too busy to look at the message.
BUSY = Verdict("retry", "service_error", wait=MINUTE)
#: A refusal that is not in the table yet: not accepted, that much is clear.
UNKNOWN_REFUSAL = Verdict("retry", "unknown_code", wait=HOUR)
#: A code that is not in the table, of a service that does not say whether it took the message.
UNKNOWN = Verdict("uncertain", "unknown_code")


def judged(code: str, table: Mapping[str, Verdict], otherwise: Verdict, answer: Answer) -> SendResult:
	"""What the service's own `code` means; a waiting time that it names goes before ours."""
	verdict = table.get(code, otherwise)
	wait = seconds(answer.headers.get("retry-after")) if verdict.state == "retry" else None
	return SendResult(
		verdict.state,
		code=code,
		retry_after=verdict.wait if wait is None else wait,
		reason=verdict.reason,
	)


def by_status(answer: Answer) -> SendResult:
	"""What an answer means whose body says nothing: only its HTTP status is left to go by.

	4xx is "not done" by definition of HTTP. A redirect is not followed, so whoever answered is not the service. After 2xx and
	5xx the message may be with the service.
	"""
	code, status = f"http_{answer.status}", answer.status
	if status == 429:
		wait = seconds(answer.headers.get("retry-after"))
		return SendResult(
			"retry", code=code, reason="rate_limit", retry_after=MINUTE if wait is None else wait
		)
	if 300 <= status < 500:
		return SendResult("retry", code=code, reason="misconfigured", retry_after=MISCONFIGURED.wait)
	if status >= 500:
		return SendResult("uncertain", code=code, reason="service_error")
	return SendResult("uncertain", code=code, reason="unreadable")


def unknown(answer: Answer) -> Verdict:
	"""What a code means that is not in the table, where the service answers every refusal with a code of its own."""
	return UNKNOWN if answer.status >= 500 else UNKNOWN_REFUSAL
