"""One request to a message service: bounded in time and size, to nowhere else, and truthful about what was sent.

What matters afterwards is whether the service can have the message. Until a connection stands, it cannot
(`NotSentError`); from then on it may (`LostError`). Every request has a connection of its own: a kept one can be closed by
the other side at the moment of writing, and nobody could tell whether the message went with it.
"""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPResponse, IncompleteRead
from urllib.parse import SplitResult, urlsplit

from requests.utils import requote_uri

from hospital_followup.channels.connections import Line, Progress
from hospital_followup.channels.deadline import DEADLINES

CHUNK = 8192


@dataclass(frozen=True, slots=True)
class Limits:
	"""How long and how much; times in seconds, sizes in bytes."""

	connect_timeout: float = 3.05
	read_timeout: float = 10.0
	"""Longest silence."""
	total_timeout: float = 20.0
	"""Longest exchange, however busily the answer drips. Looking up the name comes on top: the system bounds that."""
	largest_answer: int = 64 * 1024
	allow_private: bool = False
	"""Also addresses of the house, and plain http to those: a gateway on the hospital's own network, or a test."""


@dataclass(frozen=True, slots=True)
class Answer:
	status: int
	headers: Mapping[str, str]
	"""Names in lower case."""
	body: bytes


class ExchangeError(Exception):
	"""An exchange that brought no answer; `code` says what happened and holds nothing of the request."""

	def __init__(self, code: str) -> None:
		super().__init__(code)
		self.code = code


class NotSentError(ExchangeError):
	"""No connection came to stand: the service has nothing."""


class LostError(ExchangeError):
	"""The connection stood, and no readable answer came: the service may have everything."""


def exchange(
	method: str,
	url: str,
	*,
	headers: Mapping[str, str] | None = None,
	body: bytes | None = None,
	limits: Limits,
) -> Answer:
	"""Make one request and read its answer whole; redirects are answers like any other.

	Proxies, cookies and credentials of the surroundings (environment, .netrc) are ignored. Raises NotSentError or LostError.
	"""
	problem = forbidden(url, limits)
	if problem:
		raise NotSentError(problem)
	wanted = {"User-Agent": "hospital-followup", "Connection": "close", **(headers or {})}
	parts = urlsplit(url)
	under_way = Progress(limits.connect_timeout, limits.read_timeout, limits.allow_private)
	DEADLINES.after(limits.total_timeout, under_way.cut)
	try:
		line = Line(parts.hostname or "", parts.port, parts.scheme == "https", under_way)
		with closing(line):
			line.request(method, _target(parts), body, wanted)
			answer = _whole(line.getresponse(), limits.largest_answer)
		if under_way.late:
			# A line that was cut while it gave headers looks like an answer without any.
			raise LostError("total_timeout")
		return answer
	except ExchangeError:
		raise
	except Exception as error:
		# Only the kind of an error is looked at: its text repeats the address, and with it number and text.
		raise _failure(under_way, error) from None
	finally:
		under_way.end()


def forbidden(url: str, limits: Limits) -> str | None:
	"""Why `url` may not be asked, as far as its text tells; None when it may."""
	try:
		parts = urlsplit(url)
		host, _port = parts.hostname, parts.port
	except ValueError:
		return "bad_url"
	if not host or parts.username or parts.password or parts.scheme not in ("https", "http"):
		return "bad_url"
	if parts.scheme != "https" and not limits.allow_private:
		return "endpoint_not_https"
	return None


def _target(parts: SplitResult) -> str:
	"""Path and query in the characters that a request may have."""
	path = requote_uri(parts.path or "/")
	return f"{path}?{requote_uri(parts.query)}" if parts.query else path


def _whole(response: HTTPResponse, largest: int) -> Answer:
	chunks, size = [], 0
	while chunk := response.read(CHUNK):
		size += len(chunk)
		if size > largest:
			raise LostError("answer_too_large")
		chunks.append(chunk)
	if response.length:
		raise IncompleteRead(b"", response.length)  # it promised more than it gave
	headers = {name.lower(): value for name, value in response.getheaders()}
	return Answer(response.status, headers, b"".join(chunks))


def _failure(under_way: Progress, error: Exception) -> ExchangeError:
	if under_way.stands:
		if under_way.late:
			return LostError("total_timeout")
		return LostError("read_timeout" if isinstance(error, TimeoutError) else "connection_lost")
	if under_way.problem:
		return NotSentError(under_way.problem)
	if under_way.late or isinstance(error, TimeoutError):
		return NotSentError("connect_timeout")
	return NotSentError("tls_failed" if isinstance(error, ssl.SSLError) else "not_connected")
