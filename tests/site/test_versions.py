"""Scripts, questionnaires, pathways and templates: numbered versions, and none that was in use ever changes."""

from __future__ import annotations

import frappe
import pytest
from frappe.model.document import Document

from hospital_followup.exceptions import VersionLockedError
from tests.site.samples import ready_for_approval, sample, saved

VERSIONED = ["Care Pathway", "Follow-up Script", "Follow-up Questionnaire", "Message Template"]


def approved(doctype: str) -> Document:
	document = ready_for_approval(doctype)
	document.update({"status": "Approved", "sign_off": "Administrator"})
	return document.save()


@pytest.mark.parametrize("doctype", VERSIONED)
class TestNumbering:
	def test_the_name_is_title_and_version(self, doctype: str) -> None:
		document = saved(doctype, title="伤口随访")
		assert (document.name, document.version, document.status) == ("伤口随访 v1", 1, "Draft")

	def test_the_same_title_is_the_next_version(self, doctype: str) -> None:
		first = saved(doctype)
		assert saved(doctype, title=f" {first.title} ").name == f"{first.title} v2"

	def test_a_version_is_not_used_again_after_it_was_skipped(self, doctype: str) -> None:
		fifth = saved(doctype, version=5)
		assert fifth.version == 5
		assert saved(doctype, title=fifth.title).version == 6

	def test_the_title_stays(self, doctype: str) -> None:
		document = saved(doctype)
		document.title = "Another"
		with pytest.raises(frappe.CannotChangeConstantError):
			document.save()

	def test_a_long_title_is_refused_before_the_name_is_cut(self, doctype: str) -> None:
		with pytest.raises(frappe.CharacterLengthExceededError):
			saved(doctype, title="x" * 101)


@pytest.mark.parametrize("doctype", VERSIONED)
class TestInUse:
	def test_a_draft_may_change(self, doctype: str) -> None:
		document = saved(doctype)
		document.set(text_field(document), "changed")
		document.save()
		assert document.get(text_field(document)) == "changed"

	@pytest.mark.parametrize("status", ["Approved", "Retired"])
	def test_a_used_version_may_not(self, doctype: str, status: str) -> None:
		document = approved(doctype)
		document.status = status
		document.save()
		document.set(text_field(document), "changed")
		with pytest.raises(VersionLockedError, match="Duplicate"):
			document.save()

	def test_it_never_becomes_a_draft_again(self, doctype: str) -> None:
		document = approved(doctype)
		document.status = "Draft"
		with pytest.raises(VersionLockedError):
			document.save()

	def test_it_can_be_retired_and_brought_back(self, doctype: str) -> None:
		document = approved(doctype)
		for status in ("Retired", "Approved"):
			document.status = status
			document.save()
		assert frappe.db.get_value(doctype, document.name, "status") == "Approved"

	def test_saving_it_unchanged_is_no_change(self, doctype: str) -> None:
		document = frappe.get_doc(doctype, approved(doctype).name)
		document.save()
		assert document.status == "Approved"

	def test_a_copy_is_a_draft_of_the_next_version(self, doctype: str) -> None:
		document = approved(doctype)
		copy = frappe.copy_doc(document, ignore_no_copy=False)
		copy.insert()
		assert (copy.version, copy.status) == (2, "Draft")


@pytest.mark.parametrize(
	("doctype", "table"), [("Care Pathway", "steps"), ("Follow-up Questionnaire", "questions")]
)
class TestRowsInUse:
	def test_a_row_may_not_change(self, doctype: str, table: str) -> None:
		document = approved(doctype)
		document.get(table)[0].note = document.get(table)[0].hint = "changed"
		with pytest.raises(VersionLockedError):
			document.save()

	def test_no_row_may_go(self, doctype: str, table: str) -> None:
		document = approved(doctype)
		document.set(table, [])
		with pytest.raises(VersionLockedError):
			document.save()

	def test_no_row_may_come(self, doctype: str, table: str) -> None:
		document = approved(doctype)
		row = sample(doctype).get(table)[0].as_dict()
		document.append(table, {**row, "code": "another", "name": None})
		with pytest.raises(VersionLockedError):
			document.save()


def text_field(document: Document) -> str:
	return {"Follow-up Script": "opening", "Message Template": "body"}.get(document.doctype, "source_note")
