"""A request with an access token, as WeChat and WeCom want it: fetched when needed, renewed once when it is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from hospital_followup.channels.outgoing import Answer, ExchangeError
from hospital_followup.channels.providers.outcomes import MINUTE, Verdict
from hospital_followup.channels.signatures import sha256
from hospital_followup.channels.tokens import TokenStore
from hospital_followup.channels.untrusted import json_object, text
from hospital_followup.engine.message_ports import SendResult


class NoTokenError(Exception):
	"""The service gave no token; `code` is its error code or what the connection did. The message was not sent."""

	def __init__(self, code: str) -> None:
		super().__init__(code)
		self.code = code


@dataclass(frozen=True, slots=True)
class AccessToken:
	"""The token of one account. `key` names it in the store; it holds a hash, never the secret itself."""

	key: str
	store: TokenStore
	fetch: Callable[[], Answer]

	@staticmethod
	def key_of(account: str, secret: str, endpoint: str) -> str:
		return sha256(f"{endpoint}|{account}|{secret}".encode())

	def use(self, call: Callable[[str], Answer], refused: frozenset[str]) -> Answer:
		"""The answer of `call` with a token. An answer with one of the errcodes `refused` came instead of a message, so the
		call is repeated with a new token, once. Raises NoTokenError, and whatever `call` raises.
		"""
		token = self._token()
		answer = call(token)
		if errcode(answer) not in refused:
			return answer
		self.store.drop(self.key, token)
		return call(self._token())

	def _token(self) -> str:
		token = self.store.get(self.key)
		if token:
			return token
		with self.store.lock(self.key):
			token = self.store.get(self.key)  # somebody else may have fetched it meanwhile
			if token:
				return token
			try:
				answer = self.fetch()
			except ExchangeError as error:
				raise NoTokenError(error.code) from None
			said = json_object(answer.body)
			token, good_for = text(said.get("access_token"), 1024), said.get("expires_in")
			if not token or not isinstance(good_for, int):
				raise NoTokenError(errcode(answer) or f"http_{answer.status}")
			self.store.put(self.key, token, good_for)
			return token


def errcode(answer: Answer) -> str | None:
	"""The errcode of an answer as text, "0" for success; None when there is none."""
	value = json_object(answer.body).get("errcode")
	return text(value, 20) if isinstance(value, int) and not isinstance(value, bool) else None


def no_token(error: NoTokenError, table: Mapping[str, Verdict]) -> SendResult:
	"""What a missing token means for the message: it was not sent, so another try is safe whatever happened."""
	verdict = table.get(error.code)
	if verdict is None:
		return SendResult("retry", code=error.code, retry_after=MINUTE, reason="unreachable")
	return SendResult("retry", code=error.code, retry_after=verdict.wait, reason=verdict.reason)
