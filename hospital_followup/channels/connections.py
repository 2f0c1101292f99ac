"""A connection that can be told about: whom it may reach, how far it has come, and when it is over.

Every connection belongs to the exchange that opened it, is used once, and is cut off when the exchange's time is up. Python's own
HTTP client is enough for that: what a session, a pool and redirects would add is what must not happen here, and it is a third of
the work per message.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from http.client import HTTP_PORT, HTTPS_PORT, HTTPConnection

from requests.utils import DEFAULT_CA_BUNDLE_PATH

#: NAT64 carries an IPv4 address in its last 32 bits (RFC 6052); Python counts it as public whatever it carries.
NAT64 = ipaddress.ip_network("64:ff9b::/96")


@dataclass(slots=True)
class Progress:
	"""How far one exchange has come."""

	connect_timeout: float
	read_timeout: float
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


class Line(HTTPConnection):
	"""One connection of one exchange, which it tells how far it has come."""

	def __init__(self, host: str, port: int | None, secure: bool, under_way: Progress) -> None:
		self.default_port = HTTPS_PORT if secure else HTTP_PORT
		super().__init__(host, port or self.default_port, timeout=under_way.read_timeout)
		self._secure, self._under_way = secure, under_way

	def connect(self) -> None:
		"""Called with the first bytes to be written, when the whole head of the request is known to be sound."""
		self.sock = _connect(self.host, self.port, self._secure, self._under_way)
		if self._secure:
			self.sock = authorities().wrap_socket(self.sock, server_hostname=self.host)
		self.sock.settimeout(self.timeout)
		self._under_way.stands = True


@cache
def authorities() -> ssl.SSLContext:
	"""Whom to trust: the authorities that requests ships, and the machine's, where a hospital keeps its own.

	Read once: reading them for every connection would take 30 ms each.
	"""
	context = ssl.create_default_context()
	context.load_verify_locations(DEFAULT_CA_BUNDLE_PATH)
	context.set_alpn_protocols(["http/1.1"])
	return context


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


def _connect(host: str, port: int, secure: bool, under_way: Progress) -> socket.socket:
	"""Look the name up once, look at the addresses, and connect to one of exactly those.

	Nothing goes over the internet in plain text, whatever is allowed within the house.
	"""
	try:
		found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
	except (OSError, UnicodeError):
		under_way.problem = "unknown_host"
		raise
	of_internet = [is_public(str(entry[4][0])) for entry in found]
	allowed = [
		entry
		for entry, public in zip(found, of_internet, strict=True)
		if (secure if public else under_way.allow_private)
	]
	if not allowed:
		under_way.problem = "endpoint_not_https" if any(of_internet) else "private_address"
		raise OSError("no address that may be spoken to")
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
