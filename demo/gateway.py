"""A text-message gateway that takes everything and passes on nothing: the demo's messages never leave the machine."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class _Handler(BaseHTTPRequestHandler):
	"""Reads a message, forgets it, and says that it has been taken."""

	def do_POST(self) -> None:
		self.rfile.read(int(self.headers.get("Content-Length") or 0))
		said = b"OK"
		self.send_response(200)
		self.send_header("Content-Type", "text/plain")
		self.send_header("Content-Length", str(len(said)))
		self.end_headers()
		self.wfile.write(said)

	def log_message(self, format: str, *args: object) -> None:
		"""Nothing: addresses and texts belong in no log, not even in a demo's."""


@contextmanager
def running() -> Iterator[str]:
	"""The address of a gateway on this machine's loopback, for as long as the block lasts."""
	server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
	thread = threading.Thread(target=server.serve_forever, name="demo-gateway", daemon=True)
	thread.start()
	try:
		yield f"http://127.0.0.1:{server.server_address[1]}/send"
	finally:
		server.shutdown()
		server.server_close()
		thread.join()
