"""A message service in a process of its own that answers as fast as Python can and counts what it took, by reference.

Speaks Twilio's Messages API as far as sending goes. Prints its port, then serves until its input ends; a line on standard
input makes it print how many messages it took, how many references, and how often it took the most frequent one.
"""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from urllib.parse import parse_qsl, urlsplit

taken: Counter[str] = Counter()


class Connection(asyncio.Protocol):
	"""One request to a connection, as our senders make them."""

	def connection_made(self, transport: asyncio.BaseTransport) -> None:
		self.transport, self.received = transport, b""

	def data_received(self, data: bytes) -> None:
		self.received += data
		head, end, body = self.received.partition(b"\r\n\r\n")
		if not end or len(body) < length_of(head):
			return
		fields = dict(parse_qsl(body.decode()))
		reference = dict(parse_qsl(urlsplit(fields["StatusCallback"]).query))["reference"]
		taken[reference] += 1
		said = b'{"sid": "SM%s", "status": "queued"}' % reference.encode()
		answer = b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nConnection: close\r\n"
		self.transport.write(answer + b"Content-Length: %d\r\n\r\n" % len(said) + said)
		self.transport.close()


def length_of(head: bytes) -> int:
	for line in head.split(b"\r\n"):
		name, _colon, value = line.partition(b":")
		if name.lower() == b"content-length":
			return int(value)
	return 0


async def serve() -> None:
	loop = asyncio.get_running_loop()
	server = await loop.create_server(Connection, "127.0.0.1", 0, backlog=512)
	print(server.sockets[0].getsockname()[1], flush=True)
	while await loop.run_in_executor(None, sys.stdin.readline):
		most = max(taken.values(), default=0)
		print(taken.total(), len(taken), most, flush=True)
	server.close()


if __name__ == "__main__":
	asyncio.run(serve())
