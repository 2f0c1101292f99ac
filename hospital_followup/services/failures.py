"""Naming an unexpected error without its data: neither message nor local variables may reach a log (quality.md)."""

from __future__ import annotations

import traceback
from pathlib import Path


def code_of(error: BaseException) -> str:
	"""The error's own `code`, else its class and the place in this app where it happened, e.g. `KeyError at merge.py:41`."""
	code = getattr(error, "code", None)
	if isinstance(code, str):
		return code
	frames = traceback.extract_tb(error.__traceback__)
	own = [frame for frame in frames if "hospital_followup" in Path(frame.filename).parts] or frames
	place = f" at {Path(own[-1].filename).name}:{own[-1].lineno}" if own else ""
	return f"{type(error).__name__}{place}"
