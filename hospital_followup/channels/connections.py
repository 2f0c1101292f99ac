"""A connection that can be told about: whom it may reach, how far it has come, and when it is over.

Every connection belongs to the exchange that opened it, is used once, and is cut off when the exchange's time is up.
"""

from __future__ import annotations

import ipaddress
import logging
import socket
import ssl
import threading
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from requests.adapters import HTTPAdapter
from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

#: NAT64 carries an IPv4 address in its last 32 bits (RFC 6052); Python counts it as public whatever it carries.
NAT64 = ipaddress.ip_network("64:ff9b::/96")


@dataclass(slots=True)
class Progress:
	"""How far one exchange has come."""

	connect_timeout: float
	allow_private: bool
	problem: str | None = None
	"""Why no connection came to stand."""
	stands: bool = False
	"""With TLS, too: from now on the other side may have read something."""
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
		"""The time is up: whoever waits for a byte learns that none will come. Nothing happens once it has ended."""
		with self._lock:
			self.late = True
			self._hang_up()

	def end(self) -> None:
		with self._lock:
			if self._line is not None:
				self._line.close()
				self._line = None

	def _hang_up(self) -> None:
		if self._line is not None:
			with suppress(OSError):
				self._line.shutdown(socket.SHUT_RDWR)


#: The exchange of this thread.
UNDER_WAY: ContextVar[Progress] = ContextVar("hospital_followup_exchange")


def _connect(connection: HTTPConnection, under_way: Progress) -> socket.socket:
	"""Look the name up once, look at the addresses, and connect to one of exactly those."""
	try:
		found = socket.getaddrinfo(connection.host, connection.port, type=socket.SOCK_STREAM)
	except (OSError, UnicodeError):
		under_way.problem = "unknown_host"
		raise
	allowed = [entry for entry in found if under_way.allow_private or is_public(str(entry[4][0]))]
	if not allowed:
		under_way.problem = "private_address"
		raise OSError("not a public address")
	for number, (family, kind, protocol, _name, address) in enumerate(allowed, start=1):
		line = socket.socket(family, kind, protocol)
		try:
			line.settimeout(under_way.connect_timeout)
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
		return _connect(self, UNDER_WAY.get())

	def connect(self) -> None:
		super().connect()
		UNDER_WAY.get().stands = True


class _WatchedSecure(_Watched, HTTPSConnection):
	"""The same with TLS, which has to stand, too."""


class _OnceOnly(HTTPConnectionPool):
	"""Keeps no connection, whether or not the other side would."""

	ConnectionCls = _Watched

	def _put_conn(self, connection: Any) -> None:
		if connection is not None:
			connection.close()
		super()._put_conn(connection)


class _OnceOnlySecure(_OnceOnly, HTTPSConnectionPool):
	ConnectionCls = _WatchedSecure


class _Adapter(HTTPAdapter):
	def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
		super().init_poolmanager(*args, ssl_context=_authorities(), **kwargs)
		self.poolmanager.pool_classes_by_scheme = {"http": _OnceOnly, "https": _OnceOnlySecure}

	def cert_verify(self, *_arguments: object) -> None:
		"""The context knows its authorities; requests would read their file again for every connection (30 ms)."""


def _authorities() -> ssl.SSLContext:
	"""Whom to trust: the authorities that requests ships, and the machine's, where a hospital keeps its own."""
	context = ssl.create_default_context()
	context.load_verify_locations(DEFAULT_CA_BUNDLE_PATH)
	return context


@cache
def adapter() -> HTTPAdapter:
	"""The one way out: no retries, no kept connections, no addresses of the house unless the exchange allows them."""
	return _Adapter(max_retries=0)


class _Silence(logging.Filter):
	"""urllib3 writes whole addresses, a broken answer's even as a warning; some services take number and text in them."""

	def filter(self, _record: logging.LogRecord) -> bool:
		return UNDER_WAY.get(None) is None


for _name in ("connection", "connectionpool", "poolmanager", "response", "util.retry"):
	logging.getLogger(f"urllib3.{_name}").addFilter(_Silence())
