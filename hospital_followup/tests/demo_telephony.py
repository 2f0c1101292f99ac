"""Telephone systems for the tests: what an adapter of a hospital's own app looks like."""

from __future__ import annotations

from typing import ClassVar

from hospital_followup.engine.ports import CallRequest


class DemoTelephony:
	"""Takes every call and has its recording at once."""

	name = "Demo Switchboard"
	calls: ClassVar[list[tuple[str, CallRequest]]] = []

	def available(self) -> bool:
		return True

	def call(self, number: str, context: CallRequest) -> str:
		self.calls.append((number, context))
		return f"demo-{context.task}-{len(self.calls)}"

	def recording_url(self, call_id: str) -> str | None:
		return f"https://recordings.example/{call_id}" if call_id.startswith("demo-") else None


class OutOfOrder(DemoTelephony):
	"""Is installed but not configured."""

	def available(self) -> bool:
		return False


class Unreachable(DemoTelephony):
	"""Fails already when asked whether it can be used."""

	def available(self) -> bool:
		raise ConnectionError("the switchboard does not answer")


class Overloaded(DemoTelephony):
	"""Refuses every call, and says the number while doing so."""

	def call(self, number: str, context: CallRequest) -> str:
		raise ConnectionError(f"no line to {number}")
