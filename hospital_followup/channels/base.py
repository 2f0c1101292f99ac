"""What every channel adapter shares."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar


class PersonChannel:
	"""A channel that a person uses: the task is the message, so nothing has to be installed or configured."""

	name: ClassVar[str]
	automatic = False

	def available(self) -> bool:
		return True

	def address_of(self, patient: Mapping[str, Any]) -> str | None:
		raise NotImplementedError
