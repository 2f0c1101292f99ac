"""How one message goes out and what comes back: the port that a message service's adapter fills.

A provider speaks one service's protocol. It never decides whether to send, never sends twice by itself and never logs a
text, an address or a key; everything it is told and everything it answers is a plain value of this module. What is about
a person stays out of the values' `repr`, because that is what tracebacks print.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol, runtime_checkable

#: `accepted`: the service has the message. `refused`: it will never take this message. `retry`: it certainly does not have
#: the message, another try is safe. `uncertain`: it may have it; sending again could reach the patient twice.
SendState = Literal["accepted", "refused", "retry", "uncertain"]

#: Why a message did not go out, in our words; the service's own word is `code`.
Reason = Literal[
	"no_such_number",  # the telephone number itself leads nowhere: a call would not get through either
	"bad_address",  # no such address or account at this service, or none that it can reach
	"opted_out",  # the service keeps this person's refusal of everything: blacklist, unfollowed, blocked
	"not_wanted",  # the person rejects this kind of message there, perhaps not others
	"content",  # a word, a length or a link that the service does not take
	"template",  # template or signature unknown, not approved, or not matching the variables
	"not_allowed",  # the account has no right to do this
	"credentials",  # key, secret, token or clock is wrong
	"account",  # balance, contract or product is missing
	"address_limit",  # too many messages to this person
	"rate_limit",  # too many requests or messages altogether
	"misconfigured",  # the address answers, but this is not the service
	"service_error",  # the service says that it failed
	"unreachable",  # no connection, so nothing was sent
	"no_answer",  # sent, and then silence
	"unreadable",  # an answer that says neither yes nor no
	"not_found",  # asked later, the service does not (yet) know the message
	"unknown_code",  # a code that is not in our table
]

DeliveryState = Literal["delivered", "failed"]
ReplyKind = Literal["text", "subscribed", "unsubscribed"]


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
	"""One message to one address, ready to go."""

	reference: str
	"""Hash of our key, at most 64 ASCII characters; goes along where the service lets it, so that it can be asked later."""
	to: str = field(repr=False)
	"""E.164 number (+8613800138000), e-mail address, openid or user id."""
	body: str = field(repr=False)
	subject: str | None = field(default=None, repr=False)
	language: str | None = None
	template: str | None = None
	"""The service's own id of the approved template."""
	variables: Mapping[str, str] = field(default_factory=dict, repr=False)
	"""Values of that template, in the order of its variables."""
	link: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class SendResult:
	"""What became of one attempt."""

	state: SendState
	provider_id: str | None = None
	"""The service's id of the message."""
	code: str | None = None
	"""The service's own error code, or ours for a connection; never free text, which may repeat number and body."""
	retry_after: int | None = None
	"""Seconds that the service asks us to wait."""
	reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class CallbackRequest:
	"""A request that a service (or somebody who pretends to be one) made to us."""

	method: str
	path: str
	query: Mapping[str, str] = field(repr=False)
	headers: Mapping[str, str] = field(repr=False)
	"""Names in lower case."""
	body: bytes = field(repr=False)
	received_at: datetime
	"""With its time zone."""


@dataclass(frozen=True, slots=True)
class CallbackAnswer:
	"""What the service wants to read so that it does not call again."""

	body: str = ""
	content_type: str = "text/plain; charset=utf-8"
	status: int = 200


@dataclass(frozen=True, slots=True)
class Delivery:
	"""The last word on a message: it reached the telephone, or it never will."""

	provider_id: str | None
	reference: str | None
	state: DeliveryState
	code: str | None
	at: datetime
	dead_number: bool = False
	"""The telephone number itself leads nowhere: a call would not get through either."""
	opted_out: bool = False
	"""The person refuses whatever comes from us: blocked, in the service's blacklist."""


@dataclass(frozen=True, slots=True)
class Reply:
	"""What a person sent back, or that somebody followed or left the account."""

	from_address: str = field(repr=False)
	text: str = field(repr=False)
	at: datetime
	provider_id: str | None
	"""The service's id of the reply, to know a second copy by."""
	kind: ReplyKind = "text"


@runtime_checkable
class MessageProvider(Protocol):
	"""One service that carries messages."""

	name: str
	channel: str
	"""One of `engine.model.CHANNELS`."""
	optional_package: str | None
	"""The extra of pip that it needs; None when it needs none."""

	def configured(self) -> str | None:
		"""What is missing before it can send, as a code; None when nothing is."""
		...

	def send(self, message: OutgoingMessage) -> SendResult:
		"""Hand one message over, once. Never raises for what the service or the network does."""
		...

	def ask(
		self, reference: str, provider_id: str | None, sent_on: datetime, to: str
	) -> SendResult | Delivery | None:
		"""What became of a message sent at `sent_on`; None when the service cannot be asked about it.

		`uncertain` with the reason `not_found` is no permission to send again: the record may only be late.
		"""
		...

	def verify(self, request: CallbackRequest) -> bool:
		"""Whether the request comes from the service, and is recent where its protocol says when it was made."""
		...

	def receipts(self, request: CallbackRequest) -> tuple[Delivery, ...]:
		"""Last words in a request that `verify` let pass; what is on its way or cannot be read is left out."""
		...

	def replies(self, request: CallbackRequest) -> tuple[Reply, ...]:
		"""Replies in a request that `verify` let pass."""
		...

	def answer(self, request: CallbackRequest) -> CallbackAnswer:
		"""What to answer to a request that `verify` let pass."""
		...
