"""A message service on the loopback, in any mood: real sockets, real HTTP, and the documented protocol of each service.

What a service does with a request is in `tests/providers/services`; how badly it then behaves is a mood of this module.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlsplit

from hospital_followup.channels.outgoing import Limits
from hospital_followup.engine.message_ports import MessageProvider, OutgoingMessage

#: For everything that is to succeed: a busy machine must not look like a broken service.
PATIENT = Limits(allow_private=True)
#: For everything that is to take too long.
SOON_SILENT = replace(PATIENT, read_timeout=1.0)
SOON_OVER = replace(PATIENT, total_timeout=2.0)
#: Where it does not matter which limit ends it.
HASTY = Limits(connect_timeout=0.5, read_timeout=0.4, total_timeout=1.2, allow_private=True)


@dataclass(frozen=True)
class Seen:
	"""A request as the service got it."""

	method: str
	path: str
	raw_query: str
	headers: Mapping[str, str]
	body: bytes

	@property
	def query(self) -> dict[str, str]:
		return dict(parse_qsl(self.raw_query, keep_blank_values=True))


@dataclass(frozen=True)
class Said:
	"""What the service answers."""

	body: bytes = b""
	status: int = 200
	headers: Mapping[str, str] = field(default_factory=dict)
	content_type: str = "application/json"


class Service(Protocol):
	"""A message service's side of the protocol, as its documentation has it."""

	name: str
	accepted: Counter[str]
	"""How often each reference was taken."""
	secrets: tuple[str, ...]
	"""What must never appear in a log."""

	def provider(self, url: str, limits: Limits) -> MessageProvider: ...

	def intruder(self, url: str, limits: Limits) -> MessageProvider | None:
		"""The same with a wrong key; None when the protocol has none."""
		...

	def message(self, reference: str = "0123456789abcdef" * 4) -> OutgoingMessage: ...

	def carries_message(self, seen: Seen) -> bool:
		"""Whether the request is the one that hands over the message (and not, say, the one for a token)."""
		...

	def handle(self, seen: Seen) -> Said: ...


Mood = Callable[["Handler", Callable[[], Said]], None]


class Handler(BaseHTTPRequestHandler):
	protocol_version = "HTTP/1.1"
	server: StubServer

	def _serve(self) -> None:
		parts = urlsplit(self.path)
		length = int(self.headers.get("Content-Length") or 0)
		seen = Seen(
			self.command,
			parts.path,
			parts.query,
			{name.lower(): value for name, value in self.headers.items()},
			self.rfile.read(length),
		)
		stub = self.server.stub
		stub.seen.append(seen)
		mood = stub.mood if stub.service.carries_message(seen) or stub.mood_for_all else well
		mood(self, lambda: stub.service.handle(seen))

	do_GET = do_POST = _serve

	def say(self, said: Said) -> None:
		self.send_response(said.status)
		self.send_header("Content-Type", said.content_type)
		self.send_header("Content-Length", str(len(said.body)))
		for name, value in said.headers.items():
			self.send_header(name, value)
		self.end_headers()
		self.wfile.write(said.body)

	def wait(self, seconds: float) -> None:
		"""Wait as long as the test wants the service to."""
		self.server.stub.over.wait(seconds)

	def log_message(self, *_arguments: Any) -> None:
		return


class StubServer(ThreadingHTTPServer):
	daemon_threads = True
	request_queue_size = 128  # several senders at once must not look like a service that is not there
	stub: Stub

	def handle_error(self, *_arguments: Any) -> None:
		"""The client went away: that is what these tests are about."""


@dataclass
class Stub:
	service: Service
	url: str
	mood: Mood
	mood_for_all: bool = False
	"""Whether the requests for a token meet the mood, too."""
	seen: list[Seen] = field(default_factory=list)
	over: threading.Event = field(default_factory=threading.Event)

	@property
	def messages(self) -> list[Seen]:
		return [seen for seen in self.seen if self.service.carries_message(seen)]

	def provider(self, limits: Limits = PATIENT) -> MessageProvider:
		return self.service.provider(self.url, limits)


@contextmanager
def running(service: Service, certificate: tuple[str, str] | None = None) -> Iterator[Stub]:
	"""The service on a free port, until the block ends."""
	server = StubServer(("127.0.0.1", 0), Handler)
	scheme = "http"
	if certificate:
		context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
		context.load_cert_chain(*certificate)
		server.socket = context.wrap_socket(server.socket, server_side=True)
		scheme = "https"
	server.stub = Stub(service, f"{scheme}://127.0.0.1:{server.server_port}", well)
	thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
	thread.start()
	try:
		yield server.stub
	finally:
		server.stub.over.set()
		server.shutdown()
		server.server_close()
		thread.join()


@contextmanager
def closed_port() -> Iterator[str]:
	"""An address where nobody listens."""
	with closing(socket.socket()) as line:
		line.bind(("127.0.0.1", 0))
		yield f"http://127.0.0.1:{line.getsockname()[1]}"


@contextmanager
def full_port() -> Iterator[str]:
	"""An address whose queue is full: connecting goes on until somebody gives up."""
	waiting = []
	with closing(socket.socket()) as line:
		line.bind(("127.0.0.1", 0))
		line.listen(0)
		try:
			for _number in range(8):
				other = socket.socket()
				other.setblocking(False)
				with suppress(BlockingIOError):
					other.connect(line.getsockname())
				waiting.append(other)
			yield f"http://127.0.0.1:{line.getsockname()[1]}"
		finally:
			for other in waiting:
				other.close()


def well(handler: Handler, act: Callable[[], Said]) -> None:
	handler.say(act())


def silent_after_accept(handler: Handler, act: Callable[[], Said]) -> None:
	"""Takes the message and never answers."""
	act()
	handler.wait(30)
	handler.close_connection = True


def hangs_up_after_accept(handler: Handler, act: Callable[[], Said]) -> None:
	act()
	handler.close_connection = True


def drips_headers(handler: Handler, act: Callable[[], Said]) -> None:
	"""Takes the message and answers one byte at a time, each well within the read timeout."""
	act()
	_drip(handler, b"HTTP/1.1 200 OK\r\nX-Padding: " + b"a" * 4000)


def drips_body(handler: Handler, act: Callable[[], Said]) -> None:
	said = act()
	head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(said.body) + 4000}\r\n\r\n".encode()
	handler.wfile.write(head)
	_drip(handler, said.body + b" " * 4000)


def _drip(handler: Handler, everything: bytes) -> None:
	for position in range(len(everything)):
		if handler.server.stub.over.is_set():
			break
		handler.wfile.write(everything[position : position + 1])
		handler.wfile.flush()
		handler.wait(0.05)
	handler.close_connection = True


def cuts_short(handler: Handler, act: Callable[[], Said]) -> None:
	"""Takes the message, promises a whole answer and sends half of it."""
	said = act()
	head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(said.body)}\r\n\r\n".encode()
	handler.wfile.write(head + said.body[: len(said.body) // 2])
	handler.close_connection = True


def talks_too_much(handler: Handler, act: Callable[[], Said]) -> None:
	act()
	handler.say(Said(b" " * (PATIENT.largest_answer + 1)))


def zips_a_bomb(handler: Handler, act: Callable[[], Said]) -> None:
	import gzip

	act()
	handler.say(Said(gzip.compress(b" " * 5_000_000), headers={"Content-Encoding": "gzip"}))


def babbles(handler: Handler, act: Callable[[], Said]) -> None:
	"""Takes the message and answers in another protocol."""
	act()
	handler.wfile.write(b"220 smtp.example.org ESMTP\r\n")
	handler.close_connection = True


def says(status: int, body: bytes = b"", **headers: str) -> Mood:
	"""Does nothing with the message and answers this."""

	def mood(handler: Handler, _act: Callable[[], Said]) -> None:
		handler.say(Said(body, status, {name.replace("_", "-"): value for name, value in headers.items()}))

	return mood


def takes_and_says(status: int, body: bytes = b"") -> Mood:
	"""Takes the message and answers this."""

	def mood(handler: Handler, act: Callable[[], Said]) -> None:
		act()
		handler.say(Said(body, status))

	return mood
