"""Patients from Frappe Health, ERPNext and the address book: made once, kept up to date, never made worse."""

from __future__ import annotations

import frappe
import pytest

from hospital_followup.exceptions import SourceError
from hospital_followup.services.patient_intake import ensure_patient, refresh_patient, usable_number

PATIENT = "Follow-up Patient"


def ensure(doctype: str, name: str) -> frappe.model.document.Document:
	return frappe.get_doc(PATIENT, ensure_patient(doctype, name))


def make_contact(**values) -> frappe.model.document.Document:
	doc = frappe.get_doc(
		{"doctype": "Contact", "first_name": "陈", "last_name": "建国", "gender": "Male", **values}
	)
	doc.append("phone_nos", {"phone": "13900001111", "is_primary_mobile_no": 1})
	doc.append("email_ids", {"email_id": "chen@example.com", "is_primary": 1})
	return doc.insert()


def make_customer(**values) -> frappe.model.document.Document:
	facts = {
		"doctype": "Customer",
		"customer_name": "周敏",
		"customer_type": "Individual",
		"gender": "Female",
		**values,
	}
	return frappe.get_doc(facts).insert()


def make_address(doctype: str, name: str) -> None:
	doc = frappe.get_doc(
		{
			"doctype": "Address",
			"address_title": name,
			"address_type": "Shipping",
			"address_line1": "中山路 88 号",
			"city": "南京",
			"country": "China",
		}
	)
	doc.append("links", {"link_doctype": doctype, "link_name": name})
	doc.insert()


class TestContact:
	pytestmark = pytest.mark.site("plain")

	def test_a_contact_becomes_a_patient(self) -> None:
		contact = make_contact()
		make_address("Contact", contact.name)
		doc = ensure("Contact", contact.name)
		assert (doc.patient_id, doc.patient_name, doc.sex, doc.status) == (
			contact.name,
			"陈 建国",
			"Male",
			"Active",
		)
		assert (doc.mobile, doc.email, doc.home_address) == (
			"+8613900001111",
			"chen@example.com",
			"中山路 88 号, 南京",
		)
		assert (doc.source_doctype, doc.source_name) == ("Contact", contact.name)

	def test_asking_again_gives_the_same_patient_unchanged(self) -> None:
		contact = make_contact()
		first = ensure("Contact", contact.name)
		assert ensure("Contact", contact.name).as_dict() == first.as_dict()

	def test_a_change_at_the_source_arrives(self) -> None:
		contact = make_contact()
		name = ensure("Contact", contact.name).name
		contact.first_name = "陈氏"
		contact.phone_nos[0].phone = "13900002222"
		contact.save()
		refresh_patient("Contact", contact.name)
		doc = frappe.get_doc(PATIENT, name)
		assert (doc.patient_name, doc.mobile) == ("陈氏 建国", "+8613900002222")

	def test_a_number_that_staff_verified_is_never_overwritten(self) -> None:
		contact = make_contact()
		doc = ensure("Contact", contact.name)
		doc.update({"mobile": "13700000000", "mobile_status": "Verified"})
		doc.save()
		contact.phone_nos[0].phone = "13900002222"
		contact.save()
		refresh_patient("Contact", contact.name)
		assert frappe.db.get_value(PATIENT, doc.name, ["mobile", "phone_verified"]) == ("+8613700000000", 1)

	def test_a_correction_by_staff_stays_while_the_source_says_the_same(self) -> None:
		contact = make_contact()
		doc = ensure("Contact", contact.name)
		doc.update({"mobile": "13700000000", "allergies": "Penicillin"})
		doc.save()
		contact.email_ids[0].email_id = "chen2@example.com"
		contact.save()
		refresh_patient("Contact", contact.name)
		doc.reload()
		assert (doc.mobile, doc.email, doc.allergies) == ("+8613700000000", "chen2@example.com", "Penicillin")

	def test_a_new_number_has_yet_to_be_tried(self) -> None:
		contact = make_contact()
		doc = ensure("Contact", contact.name)
		doc.mobile_status = "Wrong Number"
		doc.save()
		contact.phone_nos[0].phone = "13900002222"
		contact.save()
		refresh_patient("Contact", contact.name)
		assert frappe.db.get_value(PATIENT, doc.name, "mobile_status") == "Unknown"

	def test_a_known_hospital_number_is_the_same_patient(self) -> None:
		contact = make_contact()
		imported = frappe.get_doc(
			{
				"doctype": PATIENT,
				"patient_id": contact.name,
				"patient_name": "陈建国",
				"allergies": "Penicillin",
			}
		).insert()
		doc = ensure("Contact", contact.name)
		assert doc.name == imported.name
		assert (doc.patient_name, doc.allergies) == ("陈建国", "Penicillin")
		assert (doc.mobile, doc.source_name) == ("+8613900001111", contact.name)

	def test_a_deleted_contact_leaves_the_patient(self) -> None:
		contact = make_contact()
		doc = ensure("Contact", contact.name)
		frappe.delete_doc("Contact", contact.name)
		doc.reload()
		assert (doc.source_name, doc.patient_name) == (None, "陈 建国")
		doc.save()

	@pytest.mark.parametrize("status", ["Do Not Contact", "Deceased"])
	def test_what_is_known_about_the_patient_stays(self, status) -> None:
		contact = make_contact()
		doc = ensure("Contact", contact.name)
		doc.status = status
		doc.save()
		contact.phone_nos[0].phone = "13900002222"
		contact.save()
		refresh_patient("Contact", contact.name)
		assert frappe.db.get_value(PATIENT, doc.name, "status") == status

	def test_a_merged_patient_leads_to_the_one_that_remains(self) -> None:
		contact = make_contact()
		doc, remaining = ensure("Contact", contact.name), ensure("Contact", make_contact(last_name="新").name)
		doc.update({"status": "Merged", "merged_into": remaining.name})
		doc.save()
		assert ensure("Contact", contact.name).name == remaining.name


class TestCustomer:
	pytestmark = pytest.mark.site("erpnext")

	def test_a_customer_who_is_a_person_becomes_a_patient(self) -> None:
		customer = make_customer(mobile_no="13912345678")
		doc = ensure("Customer", customer.name)
		assert (doc.patient_id, doc.patient_name, doc.sex) == (customer.name, "周敏", "Female")

	def test_a_company_is_refused_with_what_to_do(self) -> None:
		customer = make_customer(customer_name="Insurance Ltd", customer_type="Company", gender=None)
		with pytest.raises(SourceError, match="Individual"):
			ensure_patient("Customer", customer.name)

	def test_the_contact_card_of_a_customer_is_that_customer(self) -> None:
		customer = make_customer()
		contact = make_contact(links=[{"link_doctype": "Customer", "link_name": customer.name}])
		doc = ensure("Contact", contact.name)
		assert (doc.source_doctype, doc.source_name) == ("Customer", customer.name)
		assert ensure("Customer", customer.name).name == doc.name

	def test_somebody_who_works_for_a_company_is_a_person_of_their_own(self) -> None:
		company = make_customer(customer_name="Insurance Ltd", customer_type="Company", gender=None)
		contact = make_contact(links=[{"link_doctype": "Customer", "link_name": company.name}])
		assert ensure("Contact", contact.name).source_doctype == "Contact"


@pytest.mark.parametrize(
	("text", "number"),
	[
		("13812345678", "+8613812345678"),
		("138 1234 5678", "+8613812345678"),
		("138-1234-5678（妻子）", "+8613812345678"),
		("wife 13812345678, son 13900001111", "+8613812345678"),
		("010-62345678", "+861062345678"),
		("none", None),
		("", None),
		(None, None),
	],
)
def test_the_number_in_what_somebody_typed(text: str | None, number: str | None) -> None:
	assert usable_number(text) == number
