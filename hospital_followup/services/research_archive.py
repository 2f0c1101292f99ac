"""The zip file of a research export: one CSV per table, the data dictionary and a note, in both languages.

Every column stands in the dictionary; a row with any other field is refused, so nothing gets out by accident.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, TextIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from hospital_followup.services.export_safety import neutral

DICTIONARY = Path(__file__).parents[1] / "seed" / "research_dictionary.json"
#: Zip files carry a time for each file; the real one would be a real date.
NO_TIME = (1980, 1, 1, 0, 0, 0)
# Excel reads Chinese only from files that begin with this mark.
ENCODING = "utf-8-sig"


def dictionary() -> dict[str, Any]:
	"""`notes` by language; `files`: by table what it holds and by column its meaning, English and Chinese."""
	return json.loads(DICTIONARY.read_text(encoding="utf-8"))


class Archive:
	"""Takes rows, table by table, in any order; `finish` packs them. The rows wait on disk, not in memory."""

	def __init__(self) -> None:
		self.counts: Counter[str] = Counter()
		self._dictionary = dictionary()
		self._folder = TemporaryDirectory()
		self._open: dict[str, TextIO] = {}
		self._writers: dict[str, Any] = {}

	def __enter__(self) -> Archive:
		for table, meaning in self._dictionary["files"].items():
			file = (Path(self._folder.name) / f"{table}.csv").open("w", encoding=ENCODING, newline="")
			self._open[table] = file
			self._writers[table] = csv.DictWriter(file, list(meaning["columns"]), extrasaction="raise")
			self._writers[table].writeheader()
		return self

	def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
		for file in self._open.values():
			file.close()
		self._folder.cleanup()

	def add(self, table: str, row: Mapping[str, Any]) -> None:
		"""One row of a table; what is not named stays empty."""
		self._writers[table].writerow({column: _cell(value) for column, value in row.items()})
		self.counts[table] += 1

	def finish(self) -> bytes:
		"""The zip file."""
		packed = BytesIO()
		with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
			for table, file in self._open.items():
				file.close()
				_pack(archive, f"{table}.csv", (Path(self._folder.name) / f"{table}.csv").read_bytes())
			_pack(archive, "dictionary.csv", self._explained())
			notes = "\n\n".join("\n".join(self._dictionary["notes"][language]) for language in ("en", "zh"))
			_pack(archive, "README.txt", f"{notes}\n".encode(ENCODING))
		return packed.getvalue()

	def _explained(self) -> bytes:
		path = Path(self._folder.name) / "dictionary.csv"
		with path.open("w", encoding=ENCODING, newline="") as file:
			writer = csv.writer(file)
			writer.writerow(["file", "column", "English", "中文"])
			for table, meaning in self._dictionary["files"].items():
				writer.writerow([f"{table}.csv", "", meaning["en"], meaning["zh"]])
				for column, words in meaning["columns"].items():
					writer.writerow([f"{table}.csv", column, *words])
		return path.read_bytes()


def _cell(value: Any) -> Any:
	return neutral(value) if isinstance(value, str) else value


def _pack(archive: ZipFile, name: str, content: bytes) -> None:
	info = ZipInfo(name, NO_TIME)
	info.compress_type = ZIP_DEFLATED
	archive.writestr(info, content)
