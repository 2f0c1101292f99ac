"""Sorts and dedupes translations/zh.csv and says what is missing or left over.

    python3 tests/contract/zh_sort.py            sort, report
    python3 tests/contract/zh_sort.py --prune    also remove rows that translate nothing any more

After a merge conflict keep both sides and run it: lines of the conflict markers are dropped, of two
translations of one text the first stays (and the other is shown).
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.contract.app_files import ZH_CSV
from tests.contract.visible_strings import uses
from tests.contract.zh_rows import missing, orphans, read_rows, written

CONFLICT_MARKER = re.compile(r"^(<{7}|={7}|>{7}|\|{7}).*\n?", re.MULTILINE)


def main() -> int:
	parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
	parser.add_argument("--prune", action="store_true", help="remove rows that translate nothing any more")
	arguments = parser.parse_args()

	ZH_CSV.write_text(CONFLICT_MARKER.sub("", ZH_CSV.read_text(encoding="utf-8")), encoding="utf-8")
	rows, used = read_rows(), uses()
	left_over = orphans(rows, used)
	kept = [row for row in rows if row not in left_over] if arguments.prune else rows
	ZH_CSV.write_text(written(kept), encoding="utf-8")

	first: dict[tuple[str, str], str] = {}
	for row in kept:
		if first.setdefault((row.source, row.context), row.translation) != row.translation:
			print(
				f"two translations, the first stays: {row.source!r}: {first[row.source, row.context]} | {row.translation}"
			)
	for row in left_over:
		print(f"{'removed' if arguments.prune else 'orphan'}: {row.source!r} {row.context}")
	without = sorted({(use.text, use.place) for use in missing(kept, used)})
	for text, place in without:
		print(f"missing: {text!r} ({place})")
	return 1 if without or (left_over and not arguments.prune) else 0


if __name__ == "__main__":
	sys.exit(main())
