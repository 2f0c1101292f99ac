"""One request to a message service: bounded in time and size, to nowhere else, and truthful about what was sent.

What matters afterwards is whether the service can have the message. Until a connection stands, it cannot
(`NotSentError`); from then on it may (`LostError`). Every request has a connection of its own: a kept one can be closed by
the other side at the moment of writing, and nobody could tell whether the message went with it.
"""

from __future__ import annotations

import ipaddress
import logging
import socket
import threading
from collections.abc import Mapping
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ReadTimeoutError

#: NAT64 carries an IPv4 address in its last 32 bits (RFC 6052); Python counts it as public whatever it carries.
NAT64 = ipaddress.ip_network("64:ff9b::/96")
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
	"""Also plain http and addresses of the house: a gateway on the hospital's own network, or a test."""


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
	wanted = {
		"User-Agent": "hospital-followup",
		"Accept-Encoding": "identity",
		"Connection": "close",
		**(headers or {}),
	}
	under_way = _Exchange(limits)
	token = _UNDER_WAY.set(under_way)
	clock = threading.Timer(limits.total_timeout, under_way.cut)
	clock.daemon = True
	clock.start()
	try:
		prepared = requests.Request(method, url, headers=wanted, data=body).prepare()
		timeout = (limits.connect_timeout, limits.read_timeout)
		response = _ADAPTER.send(prepared, stream=True, timeout=timeout, verify=True)
		try:
			answer = _whole(response, limits.largest_answer)
		finally:
			response.close()
		if under_way.late:
			# A line that was cut while it gave headers looks like an answer without any.
			raise LostError("total_timeout")
		return answer
	except ExchangeError:
		raise
	except Exception as error:
		# Only the kind of an error is looked at: its text repeats the address, and with it number and text.
		raise under_way.failure(error) from None
	finally:
		clock.cancel()
		under_way.end()
		_UNDER_WAY.reset(token)


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


def _whole(response: requests.Response, largest: int) -> Answer:
	parts, size = [], 0
	while chunk := response.raw.read(CHUNK, decode_content=False):
		size += len(chunk)
		if size > largest:
			raise LostError("answer_too_large")
		parts.append(chunk)
	headers = {name.lower(): value for name, value in response.headers.items()}
	return Answer(response.status_code, headers, b"".join(parts))


@dataclass(slots=True)
class _Exchange:
	"""How far the exchange of this thread has come."""

	limits: Limits
	problem: str | None = None
	stands: bool = False
	late: bool = False
	_line: socket.socket | None = None
	_lock: threading.Lock = field(default_factory=threading.Lock)

	def opened(self, line: socket.socket) -> None:
		"""Keep a hold of the connection that survives its being wrapped in TLS."""
		with self._lock:
			self._line = line.dup()
			if self.late:
				self._hang_up()

	def cut(self) -> None:
		"""The time is up: whoever waits for a byte learns that none will come."""
		with self._lock:
			self.late = True
			self._hang_up()

	def end(self) -> None:
		with self._lock:
			if self._line is not None:
				self._line.close()
				self._line = None

	def failure(self, error: Exception) -> ExchangeError:
		if self.stands:
			if self.late:
				return LostError("total_timeout")
			if isinstance(error, requests.exceptions.ReadTimeout | ReadTimeoutError):
				return LostError("read_timeout")
			return LostError("connection_lost")
		if self.problem:
			return NotSentError(self.problem)
		if self.late or isinstance(error, requests.exceptions.ConnectTimeout):
			return NotSentError("connect_timeout")
		if isinstance(error, requests.exceptions.SSLError):
			return NotSentError("tls_failed")
		return NotSentError("not_connected")

	def _hang_up(self) -> None:
		if self._line is not None:
			with suppress(OSError):
				self._line.shutdown(socket.SHUT_RDWR)


_UNDER_WAY: ContextVar[_Exchange] = ContextVar("hospital_followup_exchange")


def _connect(connection: HTTPConnection, under_way: _Exchange) -> socket.socket:
	"""Look the name up once, look at the addresses, and connect to one of exactly those."""
	try:
		found = socket.getaddrinfo(connection.host, connection.port, type=socket.SOCK_STREAM)
	except (OSError, UnicodeError):
		under_way.problem = "unknown_host"
		raise
	allowed = [entry for entry in found if under_way.limits.allow_private or is_public(str(entry[4][0]))]
	if not allowed:
		under_way.problem = "private_address"
		raise OSError("not a public address")
	for number, (family, kind, protocol, _name, address) in enumerate(allowed, start=1):
		line = socket.socket(family, kind, protocol)
		try:
			line.settimeout(under_way.limits.connect_timeout)
			line.connect(address)
			line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
		except OSError as error:
			line.close()
			under_way.problem = "connect_timeout" if isinstance(error, TimeoutError) else "connection_refused"
			if number == len(allowed):
				raise
			continue
		under_way.problem = None
		under_way.opened(line)
		return line
	raise AssertionError  # the last address either connects or raises


def is_public(address: str) -> bool:
	"""Whether an IP address belongs to the internet, also the IPv4 address inside an IPv6 one."""
	found = ipaddress.ip_address(address.partition("%")[0])
	if isinstance(found, ipaddress.IPv6Address):
		inner = found.ipv4_mapped or found.sixtofour
		if inner is None and found in NAT64:
			inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
		if inner is not None:
			return is_public(str(inner))
	return found.is_global and not found.is_multicast


class _Watched(HTTPConnection):
	"""A connection that tells the exchange it belongs to how far it has come."""

	def _new_conn(self) -> socket.socket:
		return _connect(self, _UNDER_WAY.get())

	def connect(self) -> None:
		super().connect()
		_UNDER_WAY.get().stands = True


class _WatchedSecure(_Watched, HTTPSConnection):
	"""The same with TLS, which has to stand, too."""


class _OnceOnly(HTTPConnectionPool):
	"""Keeps no connection, whether or not the other side would."""

	ConnectionCls = _Watched

	def _put_conn(self, connection: HTTPConnection | None) -> None:
		if connection is not None:
			connection.close()
		super()._put_conn(connection)


class _OnceOnlySecure(_OnceOnly, HTTPSConnectionPool):
	ConnectionCls = _WatchedSecure


class _Adapter(HTTPAdapter):
	def init_poolmanager(self, *args: object, **kwargs: object) -> None:
		super().init_poolmanager(*args, **kwargs)
		self.poolmanager.pool_classes_by_scheme = {"http": _OnceOnly, "https": _OnceOnlySecure}


class _Silence(logging.Filter):
	"""urllib3 writes whole addresses, a broken answer's even as a warning; some services take number and text in them."""

	def filter(self, _record: logging.LogRecord) -> bool:
		return _UNDER_WAY.get(None) is None


_ADAPTER = _Adapter(max_retries=0)
for _name in ("connection", "connectionpool", "poolmanager", "response", "util.retry"):
	logging.getLogger(f"urllib3.{_name}").addFilter(_Silence())
