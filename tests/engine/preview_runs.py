"""Runs the preview in this process, as the command line would."""

from __future__ import annotations

import io
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hospital_followup.preview.command import main


@dataclass(frozen=True)
class Run:
	status: int
	out: str
	err: str

	@property
	def json(self) -> Any:
		return json.loads(self.out)


class Desk:
	"""A folder with files, and the command run on them."""

	def __init__(self, folder: Path, monkeypatch: Any) -> None:
		self.folder = folder
		self.monkeypatch = monkeypatch

	def file(self, name: str, content: str | bytes, encoding: str = "utf-8") -> str:
		path = self.folder / name
		path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
		return str(path)

	def run(self, *words: str) -> Run:
		out, err = io.BytesIO(), io.BytesIO()
		self.monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(out, encoding="ascii"))
		self.monkeypatch.setattr(sys, "stderr", io.TextIOWrapper(err, encoding="ascii"))
		status = main(list(words))
		sys.stdout.flush()
		return Run(status, out.getvalue().decode("utf-8"), err.getvalue().decode("utf-8"))

	def preview(self, rows: str | bytes, *words: str, encoding: str = "utf-8") -> Run:
		return self.run("preview", self.file("discharges.csv", rows, encoding), *words)

	def planned(self, rows: str, *words: str) -> Any:
		"""The JSON of a file whose rows are all good."""
		run = self.preview(rows, "--format", "json", *words)
		assert run.status == 0, run.out + run.err
		return run.json

	def rejected(self, rows: str, *words: str) -> list[tuple[int, str]]:
		run = self.preview(rows, "--format", "json", *words)
		assert run.status == 1, run.out + run.err
		assert all(entry["message"] for entry in run.json["rejections"])
		return [(entry["line"], entry["column"]) for entry in run.json["rejections"]]
