from frappe.model.document import Document


class FollowupPatient(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from hospital_followup.hospital_followup.doctype.follow_up_patient_condition.follow_up_patient_condition import (
			FollowupPatientCondition,
		)

		allergies: DF.SmallText | None
		caregiver_mobile: DF.Data | None
		caregiver_mobile_status: DF.Literal["Unknown", "Verified", "Wrong Number", "Out of Service"]
		caregiver_name: DF.Data | None
		caregiver_relation: DF.Data | None
		company: DF.Data | None
		conditions: DF.Table[FollowupPatientCondition]
		date_of_birth: DF.Date | None
		deceased_on: DF.Date | None
		department: DF.Link | None
		email: DF.Data | None
		external_key: DF.Data | None
		habits: DF.SmallText | None
		home_address: DF.SmallText | None
		language: DF.Link | None
		merged_into: DF.Link | None
		mobile: DF.Data | None
		mobile_masked: DF.Data | None
		mobile_status: DF.Literal["Unknown", "Verified", "Wrong Number", "Out of Service"]
		patient_id: DF.Data
		patient_name: DF.Data
		phone_verified: DF.Check
		preferred_channel: DF.Literal["", "Phone", "Home Visit", "WeChat", "SMS", "Email", "App Push"]
		preferred_slot: DF.Literal["", "Morning", "Afternoon", "Evening"]
		risk_tier: DF.Literal["", "High", "Medium", "Low"]
		sex: DF.Literal["", "Male", "Female", "Other"]
		source_doctype: DF.Link | None
		source_name: DF.DynamicLink | None
		special_care: DF.Check
		special_care_note: DF.SmallText | None
		status: DF.Literal["Active", "Do Not Contact", "Deceased", "Merged"]
		status_reason: DF.SmallText | None
		time_zone: DF.Autocomplete | None
		wechat_openid: DF.Data | None
	# end: auto-generated types
