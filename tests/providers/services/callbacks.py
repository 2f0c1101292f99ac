"""What services send us, and what somebody sends who would like to be one."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from typing import Protocol

import pytest

from hospital_followup.engine.message_ports import CallbackRequest

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=timezone.utc)
PATH = "/api/method/followup_callback"


@dataclass(frozen=True)
class Forgery:
	what: str
	request: CallbackRequest


class CallsBack(Protocol):
	"""A service that reports back."""

	gives_receipts: bool
	signs_the_time: bool

	def receipt(
		self, reference: str, provider_id: str, state: str = "delivered", at: datetime = NOW
	) -> CallbackRequest: ...

	def under_way(self, reference: str, provider_id: str) -> CallbackRequest | None:
		"""A report that is not the last word; None when the service sends none."""
		...

	def reply(self, sender: str, words: str, at: datetime = NOW) -> CallbackRequest: ...

	def forgeries(self, request: CallbackRequest) -> list[Forgery]: ...


def request(
	body: bytes = b"",
	*,
	method: str = "POST",
	query: Mapping[str, str] | None = None,
	headers: Mapping[str, str] | None = None,
	at: datetime = NOW,
) -> CallbackRequest:
	return CallbackRequest(method, PATH, query or {}, headers or {}, body, at)


def later(made: CallbackRequest, **how_much: float) -> CallbackRequest:
	"""The same request, received once more after a while."""
	return replace(made, received_at=made.received_at + timedelta(**how_much))


def with_query(made: CallbackRequest, **changes: str) -> CallbackRequest:
	return replace(made, query={**made.query, **changes})


def with_headers(made: CallbackRequest, **changes: str) -> CallbackRequest:
	named = {name.replace("_", "-"): value for name, value in changes.items()}
	return replace(made, headers={**made.headers, **named})


def signing_with_nothing(service: object, monkeypatch: pytest.MonkeyPatch) -> None:
	"""From now on the service signs with empty secrets, as somebody would who knows that we have none."""
	for kind in type(service).__mro__:
		for name in ("TOKEN", "SECRET", "CALLBACK_KEY"):
			if hasattr(sys.modules[kind.__module__], name):
				monkeypatch.setattr(sys.modules[kind.__module__], name, "")
