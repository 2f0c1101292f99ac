"""Whether this very site may write to patients: switched on by an administrator, here, and not brought back from a backup.

Switching on leaves a mark in the database and one in the site's private folder, which all machines of a bench share and which
database backups do not hold. Both count the groups of messages that went out. A folder without the mark, or with another one,
belongs to a copy of the site; a folder that has counted further than the database tells of a backup, in which messages wait
that went out long ago. Either way nothing is sent until an administrator has looked and switches on again.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import frappe
from filelock import FileLock
from frappe.utils import cint

if TYPE_CHECKING:
	from hospital_followup.hospital_followup.doctype.follow_up_settings.follow_up_settings import (
		FollowupSettings,
	)

SETTINGS = "Follow-up Settings"
FILE = "hospital_followup_live.json"
NOT_LIVE, MOVED, RESTORED = "not_live", "moved", "restored"


@dataclass(frozen=True, slots=True)
class State:
	"""`reason` why nothing is sent: not_live (dry run), moved (a copy of the site), restored (an old backup)."""

	live: bool
	reason: str | None = None


@dataclass(frozen=True, slots=True)
class Mark:
	"""What is kept in the private folder."""

	mark: str
	site: str
	address: str
	count: int


def state() -> State:
	"""Whether messages go out, as committed."""
	values = _stored()
	if not cint(values.get("go_live")):
		return State(False, NOT_LIVE)
	kept = _read()
	if kept is None or kept.mark != values.get("live_mark") or kept.site != frappe.local.site:
		return State(False, MOVED)
	if kept.address != (values.get("base_url") or ""):
		return State(False, MOVED)
	return State(False, RESTORED) if kept.count > cint(values.get("live_count")) else State(True)


def count_group() -> None:
	"""One more group goes out: counted with the claim of its messages, in the folder once that is committed.

	The last thing a claim does, because all senders of the site wait for this row.
	"""
	values = _stored(lock=True)
	count = cint(values.get("live_count")) + 1
	_store("live_count", count)
	_write_after_commit(
		Mark(values.get("live_mark") or "", frappe.local.site, values.get("base_url") or "", count)
	)


def switch_on() -> None:
	"""Send from here on, whatever this site was copied or restored from. The caller has checked who asks."""
	settings = frappe.get_doc(SETTINGS)
	settings.go_live = 1
	settings.flags.switch_on_again = True
	settings.save()


def forget() -> None:
	"""The app goes: its mark in the private folder goes, too."""
	for path in (_path(), f"{_path()}.lock"):
		with suppress(FileNotFoundError):
			os.remove(path)


def prepare_settings(settings: FollowupSettings) -> None:
	"""Before the settings are saved: the count is the database's, the mark new when sending is switched on."""
	stored = _stored(lock=True)
	settings.live_count, settings.live_mark = cint(stored.get("live_count")), stored.get("live_mark")
	if not settings.go_live:
		return
	switched_on = not cint(stored.get("go_live")) or settings.flags.switch_on_again
	if switched_on:
		settings.live_mark = frappe.generate_hash(length=32)
	if switched_on or (settings.base_url or "") != (stored.get("base_url") or ""):
		_write_after_commit(
			Mark(settings.live_mark or "", frappe.local.site, settings.base_url or "", settings.live_count)
		)


def _stored(*, lock: bool = False) -> dict[str, str | None]:
	"""The fields past every cache: another process may have counted since."""
	table = frappe.qb.DocType("Singles")
	fields = ("go_live", "live_mark", "live_count", "base_url")
	query = (
		frappe.qb.from_(table)
		.select(table.field, table.value)
		.where((table.doctype == SETTINGS) & table.field.isin(fields))
		.orderby(table.field)
	)
	return dict((query.for_update() if lock else query).run())


def _store(field: str, value: int) -> None:
	table = frappe.qb.DocType("Singles")
	row = (table.doctype == SETTINGS) & (table.field == field)
	frappe.qb.update(table).set(table.value, str(value)).where(row).run()


def _path() -> str:
	return frappe.get_site_path("private", FILE)


def _read() -> Mark | None:
	try:
		with open(_path(), encoding="utf-8") as stream:
			return Mark(**json.load(stream))
	except (OSError, ValueError, TypeError):
		return None


def _write_after_commit(mark: Mark) -> None:
	frappe.db.after_commit.add(lambda: _write(mark))


def _write(mark: Mark) -> None:
	"""Whole or not at all: a half-written mark would look like a copied site.

	Of two senders the one that counted further may come first; the other's count is history then. A full disk must not
	look like a claim that failed, which is committed by now: a count that stays behind does no harm.
	"""
	temporary = f"{_path()}.{os.getpid()}"
	try:
		with FileLock(f"{_path()}.lock", timeout=10):
			kept = _read()
			if kept and kept.mark == mark.mark and kept.count > mark.count:
				return
			with open(temporary, "w", encoding="utf-8") as stream:
				json.dump(asdict(mark), stream)
			os.replace(temporary, _path())
	except OSError as error:
		frappe.logger("hospital_followup").warning(
			"the mark of this site was not written: %s", type(error).__name__
		)
