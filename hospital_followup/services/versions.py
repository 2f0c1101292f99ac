"""Documents with versions: title and version are the name, and a version once in use never changes.

What was said or asked in a call must be found again as it was (rules.md, "Planning again"), so an approved
script, questionnaire, pathway or template is read-only; a change is a new version, made by duplicating it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

import frappe
from frappe import _
from frappe.core.doctype.version.version import get_diff
from frappe.model.document import Document

from hospital_followup.exceptions import VersionLockedError
from hospital_followup.services.workflow_states import state_fields

# What may change while a version is in use: its place in its life, and the day somebody looks at it again.
LIFE_FIELDS = frozenset({"status", "workflow_state", "review_by"})


class VersionedDocument(Document):
	"""Base of the masters with `title`, `version` and a `status` that begins with Draft."""

	life_fields: ClassVar[frozenset[str]] = LIFE_FIELDS

	title: str
	version: int
	status: str

	def before_insert(self) -> None:
		self.number_version()

	def validate(self) -> None:
		self.keep_used_version_unchanged()

	def number_version(self) -> None:
		"""Give a new document the next free version of its title; the name keeps two of them apart."""
		self.title = (self.title or "").strip()
		latest = frappe.db.get_value(self.doctype, {"title": self.title}, "version", order_by="version desc")
		if not self.version or (latest and self.version <= latest):
			self.version = (latest or 0) + 1

	def keep_used_version_unchanged(self) -> None:
		before = self.get_doc_before_save()
		if not before or before.status == "Draft":
			return
		if self.status == "Draft" or self.changed_fields(before):
			frappe.throw(
				_(
					"{0} is or was in use and stays as it is, so that earlier contacts can be read as they were. "
					"Choose New Version, or Menu > Duplicate, and change that one."
				).format(frappe.bold(self.name)),
				VersionLockedError,
				title=_("Version in Use"),
			)

	def changed_fields(self, before: Document) -> set[str]:
		"""What has changed of the content, tables by the name of their field."""
		diff = get_diff(before, self)
		if not diff:
			return set()
		tables = {table for table, *_row in (*diff.added, *diff.removed)}
		tables |= {table for table, _index, _name, changes in diff.row_changed if _differing(changes)}
		return (_differing(diff.changed) | tables) - self.life_fields


def _differing(changes: Iterable[tuple[str, Any, Any]]) -> set[str]:
	"""Fields whose value differs; an empty number is None in a form and 0 in the database."""
	return {field for field, old, new in changes if old or new}


def new_version(doctype: str, name: str) -> str:
	"""Copy a document to a draft with the next version number of its title; returns the name of the draft."""
	draft = frappe.copy_doc(frappe.get_doc(doctype, name), ignore_no_copy=False)
	draft.version = 0
	return draft.insert().name


def retire_former(doc: Document) -> None:
	"""After an approval: the former approved versions of the same title and language retire."""
	before = doc.get_doc_before_save()
	if doc.status != "Approved" or (before and before.status == "Approved"):
		return
	for name in former_versions(doc):
		retired = frappe.get_doc(doc.doctype, name)
		retired.db_set({"status": "Retired", **state_fields(doc.doctype, "Retired")}, notify=True)
		retired.add_comment("Info", _("retired: {0} took its place").format(doc.name))


def former_versions(doc: Document) -> list[str]:
	"""The other approved versions of the same title and language."""
	filters = {"title": doc.title, "status": "Approved", "name": ("!=", doc.name or "")}
	if doc.meta.has_field("language"):
		filters["language"] = doc.language
	return frappe.get_all(doc.doctype, filters=filters, pluck="name", order_by="version")
