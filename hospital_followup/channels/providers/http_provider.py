"""What every provider that speaks HTTP shares: one exchange, and the truth about it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import datetime
from typing import ClassVar

from hospital_followup.channels.outgoing import Answer, Limits, LostError, NotSentError, exchange, forbidden
from hospital_followup.engine.message_ports import (
	CallbackAnswer,
	CallbackRequest,
	Delivery,
	OutgoingMessage,
	Reply,
	SendResult,
)


class HttpProvider(ABC):
	"""A provider whose service has an HTTP interface and, unless a subclass says otherwise, calls back nothing."""

	name: ClassVar[str]
	channel: ClassVar[str]
	optional_package: ClassVar[str | None] = None

	def __init__(self, endpoint: str, limits: Limits) -> None:
		self._endpoint = endpoint.rstrip("/")
		self._limits = limits

	@abstractmethod
	def missing(self) -> str | None:
		"""The first thing that the configuration lacks, as a code."""

	@abstractmethod
	def hand_over(self, message: OutgoingMessage) -> SendResult:
		"""Make the request and read its answer. May raise NotSentError and LostError."""

	def configured(self) -> str | None:
		return self.missing() or forbidden(self._endpoint, self._limits)

	def send(self, message: OutgoingMessage) -> SendResult:
		problem = self.configured()
		if problem:
			return SendResult("retry", code=problem, reason="misconfigured")
		try:
			return self.hand_over(message)
		except NotSentError as error:
			return SendResult("retry", code=error.code, reason="unreachable")
		except LostError as error:
			return SendResult("uncertain", code=error.code, reason="no_answer")
		except UnicodeEncodeError:
			# Half a character, from a broken import: there is no request that could hold it.
			return SendResult("refused", code="half_a_character", reason="content")

	def ask(
		self, reference: str, provider_id: str | None, sent_on: datetime, to: str
	) -> SendResult | Delivery | None:
		"""Never raises: what could not be learned stays uncertain."""
		if self.configured():
			return None
		try:
			return self.look_up(reference, provider_id, sent_on, to)
		except (NotSentError, LostError) as error:
			return SendResult("uncertain", provider_id, error.code, reason="no_answer")
		except UnicodeEncodeError:
			return None

	def look_up(
		self, _reference: str, _provider_id: str | None, _sent_on: datetime, _to: str
	) -> SendResult | Delivery | None:
		"""Ask the service. May raise NotSentError and LostError."""
		return None

	def verify(self, _request: CallbackRequest) -> bool:
		return False

	def receipts(self, _request: CallbackRequest) -> tuple[Delivery, ...]:
		return ()

	def replies(self, _request: CallbackRequest) -> tuple[Reply, ...]:
		return ()

	def answer(self, _request: CallbackRequest) -> CallbackAnswer:
		return CallbackAnswer()

	def _exchange(
		self,
		method: str,
		path: str,
		*,
		headers: dict[str, str] | None = None,
		body: bytes | None = None,
	) -> Answer:
		return exchange(method, self._endpoint + path, headers=headers, body=body, limits=self._limits)
