"""Serve one site as a hospital's web server would: requests, assets and realtime on one loopback port.

No debugger, no reloader. Runs in the stack's Python with sites/ as the working directory.
"""

from __future__ import annotations

import http.client
import logging
import os
import socket
import sys
from collections.abc import Callable, Iterable
from typing import Any

import frappe.app
from frappe.middlewares import StaticDataMiddleware
from werkzeug.middleware.shared_data import SharedDataMiddleware
from werkzeug.serving import run_simple

PASSED_ON = ("Content-Type", "Set-Cookie", "Cache-Control")
StartResponse = Callable[[str, list[tuple[str, str]]], Any]


class RealtimeConnection(http.client.HTTPConnection):
	"""To the realtime server's unix socket."""

	def __init__(self, path: str) -> None:
		super().__init__("localhost", timeout=60)
		self._path = path

	def connect(self) -> None:
		self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
		self.sock.settimeout(self.timeout)
		self.sock.connect(self._path)


class Realtime:
	"""Passes /socket.io on, as nginx does in a hospital; long polling only, no websocket upgrade."""

	def __init__(self, site: Callable[..., Iterable[bytes]], socket_path: str, origin: str) -> None:
		self._site = site
		self._socket_path = socket_path
		self._origin = origin

	def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
		if not environ["PATH_INFO"].startswith("/socket.io"):
			return self._site(environ, start_response)
		if environ.get("HTTP_UPGRADE") or not os.path.exists(self._socket_path):
			start_response("400 Bad Request", [("Content-Type", "text/plain")])
			return [b"long polling only"]
		connection = RealtimeConnection(self._socket_path)
		body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
		headers = {
			"Host": environ["HTTP_HOST"],
			"Origin": self._origin,
			"Cookie": environ.get("HTTP_COOKIE", ""),
		}
		if environ.get("CONTENT_TYPE"):
			headers["Content-Type"] = environ["CONTENT_TYPE"]
		try:
			connection.request(
				environ["REQUEST_METHOD"], f"{environ['PATH_INFO']}?{environ['QUERY_STRING']}", body, headers
			)
			answer = connection.getresponse()
			content = answer.read()
		except OSError:
			start_response("502 Bad Gateway", [("Content-Type", "text/plain")])
			return [b"realtime is down"]
		finally:
			connection.close()
		kept = [(name, value) for name, value in answer.getheaders() if name in PASSED_ON]
		start_response(f"{answer.status} {answer.reason}", [*kept, ("Content-Length", str(len(content)))])
		return [content]


def main(site: str, port: int, socket_path: str) -> None:
	# Whatever Host a browser sends, it means this site.
	frappe.app._site = site
	frappe.app._sites_path = "."
	logging.getLogger("werkzeug").setLevel(logging.ERROR)
	served: Any = SharedDataMiddleware(frappe.app.application, {"/assets": os.path.abspath("assets")})
	served = StaticDataMiddleware(served, {"/files": os.path.abspath(".")})
	served = Realtime(served, socket_path, f"http://127.0.0.1:{port}")
	run_simple("127.0.0.1", port, served, threaded=True)


if __name__ == "__main__":
	main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
