"""How a pathway comes into use: a doctor signs for what it says now, an administrator approves, the former one retires."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import frappe
import pytest
from frappe.utils import add_days, today

from hospital_followup import pathway_desk
from hospital_followup.exceptions import InvalidValueError, ReviewDateError, VersionLockedError
from tests.site.rights import AD, DR, SP, SV, department
from tests.site.samples import saved
from tests.stack.rest import Rest

As = Callable[..., AbstractContextManager[str]]
PATHWAY = "Care Pathway"


def sign(name: str, note: str | None = None) -> None:
	pathway_desk.sign_off_pathway(name, str(frappe.db.get_value(PATHWAY, name, "modified")), note)


def approve(name: str) -> None:
	doc = frappe.get_doc(PATHWAY, name)
	doc.status = "Approved"
	doc.save()


def stored(name: str) -> frappe._dict:
	fields = ["status", "sign_off", "signed_off_on", "sign_off_note", "approved_by", "approved_on"]
	return frappe.db.get_value(PATHWAY, name, fields, as_dict=True)


def in_use(as_user: As, **values: object) -> str:
	with as_user(AD):
		name = saved(PATHWAY, **values).name
	with as_user(DR):
		sign(name)
	with as_user(AD):
		approve(name)
	return name


def test_from_draft_into_use(as_user: As) -> None:
	with as_user(AD) as administrator:
		name = saved(PATHWAY).name
		with pytest.raises(InvalidValueError, match="before a doctor has signed it off"):
			approve(name)
	with as_user(DR) as doctor:
		sign(name, "  Day 2 instead of day 3 ")
	row = stored(name)
	assert (row.status, row.sign_off, row.sign_off_note) == ("Draft", doctor, "Day 2 instead of day 3")
	assert str(row.signed_off_on) == today()
	with as_user(AD) as administrator:
		approve(name)
	row = stored(name)
	assert (row.status, row.sign_off, row.approved_by) == ("Approved", doctor, administrator)
	assert row.approved_on


@pytest.mark.parametrize("role", [SP, SV, AD])
def test_only_a_doctor_signs(as_user: As, role: str) -> None:
	name = saved(PATHWAY).name
	with as_user(role), pytest.raises(frappe.PermissionError):
		sign(name)
	assert not stored(name).sign_off


@pytest.mark.parametrize("role", [SP, SV, AD])
@pytest.mark.commits
def test_rest_lets_nobody_else_sign_or_approve(rest: Callable[..., Rest], role: str) -> None:
	name = saved(PATHWAY).name
	frappe.db.commit()  # reason: the server must see it
	client = rest(role)
	seen = str(frappe.db.get_value(PATHWAY, name, "modified"))
	path = "/api/method/hospital_followup.pathway_desk.sign_off_pathway"
	assert client.post(path, {"pathway": name, "seen": seen}).status_code == 403
	written = {"status": "Approved", "sign_off": "Administrator"}
	assert client.put(f"/api/resource/{PATHWAY}/{name}", written).status_code in (403, 417)
	frappe.db.rollback()  # a fresh view of what the server has committed
	row = stored(name)
	assert (row.status, row.sign_off) == ("Draft", None)


def test_nobody_signs_for_somebody_else(as_user: As) -> None:
	with as_user(DR) as doctor:
		pass
	with as_user(AD):
		doc = saved(PATHWAY)
		doc.sign_off = doctor
		with pytest.raises(InvalidValueError, match="can sign off in that name"):
			doc.save()
		with pytest.raises(InvalidValueError, match="can sign off in that name"):
			saved(PATHWAY, sign_off=doctor)


def test_who_writes_and_is_a_doctor_signs_by_approving(as_user: As) -> None:
	with as_user(AD, DR) as both:
		name = saved(PATHWAY).name
		approve(name)
	row = stored(name)
	assert (row.sign_off, str(row.signed_off_on), row.approved_by) == (both, today(), both)


class TestWhatWasSigned:
	def test_a_change_takes_the_signature_off(self, as_user: As) -> None:
		with as_user(AD):
			name = saved(PATHWAY).name
		with as_user(DR):
			sign(name, "fine")
		with as_user(AD):
			doc = frappe.get_doc(PATHWAY, name)
			doc.steps[0].offset = 3
			doc.save()
			row = stored(name)
			assert (row.sign_off, row.signed_off_on, row.sign_off_note) == (None, None, None)
			assert "no longer holds" in str(frappe.get_message_log())
			with pytest.raises(InvalidValueError, match="before a doctor"):
				approve(name)

	def test_the_review_date_belongs_to_no_content(self, as_user: As) -> None:
		name = saved(PATHWAY).name
		with as_user(DR) as doctor:
			sign(name)
		with as_user(AD):
			doc = frappe.get_doc(PATHWAY, name)
			doc.review_by = add_days(today(), 30)
			doc.save()
		assert stored(name).sign_off == doctor

	def test_what_changed_since_it_was_read_is_not_signed(self, as_user: As) -> None:
		doc = saved(PATHWAY)
		seen = str(frappe.db.get_value(PATHWAY, doc.name, "modified"))
		doc.steps[0].offset = 3
		doc.save()
		with as_user(DR), pytest.raises(frappe.TimestampMismatchError, match="since you opened it"):
			pathway_desk.sign_off_pathway(doc.name, seen)

	def test_it_is_in_the_history_under_the_doctors_name(self, as_user: As) -> None:
		name = saved(PATHWAY).name
		with as_user(DR) as doctor:
			sign(name)
		assert frappe.db.exists("Version", {"ref_doctype": PATHWAY, "docname": name, "owner": doctor})

	def test_another_doctor_may_sign_again_what_is_in_use(self, as_user: As) -> None:
		name = in_use(as_user)
		with as_user(DR) as second:
			sign(name, "reviewed")
		assert (stored(name).status, stored(name).sign_off) == ("Approved", second)

	def test_what_is_in_use_stays_signed_and_unchanged(self, as_user: As) -> None:
		name = in_use(as_user)
		with as_user(AD):
			doc = frappe.get_doc(PATHWAY, name)
			doc.sign_off = None
			with pytest.raises(InvalidValueError, match="stays signed off"):
				doc.save()
			doc = frappe.get_doc(PATHWAY, name)
			doc.append("departments", {"department": department("Surgery")})
			with pytest.raises(VersionLockedError):
				doc.save()


class TestVersions:
	def test_the_next_one_takes_the_place_of_the_former(self, as_user: As) -> None:
		first = in_use(as_user)
		other = in_use(as_user)
		title = frappe.db.get_value(PATHWAY, first, "title")
		second = in_use(as_user, title=title)
		assert second == f"{title} v2"
		assert [stored(name).status for name in (first, other, second)] == [
			"Retired",
			"Approved",
			"Approved",
		]

	def test_a_copy_has_to_be_signed_anew(self, as_user: As) -> None:
		copy = frappe.copy_doc(frappe.get_doc(PATHWAY, in_use(as_user)), ignore_no_copy=False).insert()
		row = stored(copy.name)
		assert (row.status, row.sign_off, row.signed_off_on, row.approved_by) == ("Draft", None, None, None)

	def test_a_refused_approval_retires_nothing(self, as_user: As) -> None:
		first = in_use(as_user)
		with as_user(AD):
			second = saved(PATHWAY, title=frappe.db.get_value(PATHWAY, first, "title")).name
			with pytest.raises(InvalidValueError):
				approve(second)
		assert stored(first).status == "Approved"


@pytest.mark.parametrize(("review_by", "words"), [(None, "when this text"), (-1, "has passed")])
def test_needs_the_day_of_the_next_review(as_user: As, review_by: int | None, words: str) -> None:
	name = saved(PATHWAY, review_by=review_by and add_days(today(), review_by)).name
	with as_user(AD, DR), pytest.raises(ReviewDateError, match=words):
		approve(name)


def test_what_cannot_be_followed_is_never_approved(as_user: As) -> None:
	name = saved(PATHWAY, anchor="Birth", age_from="10").name
	with as_user(AD, DR), pytest.raises(InvalidValueError, match="over before the age of 10"):
		approve(name)
