"""A REST client that speaks to the live web server as one user."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import requests


class Rest:
	"""Requests with the user's API key; without one, as Guest. Never raises for a status: tests look at it."""

	def __init__(self, url: str, token: str = "") -> None:
		self.url = url
		self._session = requests.Session()
		self._session.headers["Accept"] = "application/json"
		if token:
			self._session.headers["Authorization"] = f"token {token}"

	def get(self, path: str, **parameters: Any) -> requests.Response:
		return self._session.get(self.url + path, params=parameters)

	def post(self, path: str, values: Mapping[str, Any] | None = None) -> requests.Response:
		return self._session.post(self.url + path, json=dict(values or {}))

	def send(self, path: str, body: bytes, kind: str) -> requests.Response:
		"""POST a body as it is, of the content type `kind`."""
		return self._session.post(self.url + path, data=body, headers={"Content-Type": kind})

	def put(self, path: str, values: Mapping[str, Any]) -> requests.Response:
		return self._session.put(self.url + path, json=dict(values))

	def delete(self, path: str) -> requests.Response:
		return self._session.delete(self.url + path)

	def insert(self, doctype: str, values: Mapping[str, Any]) -> requests.Response:
		return self.post(f"/api/resource/{doctype}", values)

	def call(self, method: str, **arguments: Any) -> requests.Response:
		"""POST to a whitelisted method."""
		return self.post(f"/api/method/{method}", arguments)


def api_token(user: str) -> str:
	"""Give ``user`` API keys in the connected site; the caller commits."""
	import frappe

	document = frappe.get_doc("User", user)
	secret = frappe.generate_hash(length=15)
	document.api_key = document.api_key or frappe.generate_hash(length=15)
	document.api_secret = secret
	document.save()
	return f"{document.api_key}:{secret}"
