from frappe.model.document import Document


class FollowupSettings(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from hospital_followup.hospital_followup.doctype.follow_up_channel_setting.follow_up_channel_setting import (
			FollowupChannelSetting,
		)

		afternoon_call_from: DF.Time | None
		afternoon_call_to: DF.Time | None
		amber_response_days: DF.Int
		attempt_days: DF.Int
		base_url: DF.Data | None
		capacity_per_day: DF.Int
		caregiver_attempts: DF.Int
		channels: DF.Table[FollowupChannelSetting]
		default_calendar: DF.Link | None
		default_country_code: DF.Data
		default_department: DF.Link | None
		default_language: DF.Link | None
		emergency_number: DF.Data
		frequency_cut_points: DF.SmallText | None
		go_live: DF.Check
		guardian_under_age: DF.Int
		hospital_name: DF.Data | None
		hospital_phone: DF.Data | None
		hospital_variant: DF.Literal["Original", "Variant"]
		lease_minutes: DF.Int
		ledger_from: DF.Date | None
		max_attempts: DF.Int
		max_contacts_per_day: DF.Int
		max_contacts_per_week: DF.Int
		merge_within_days: DF.Int
		messages_without_consent: DF.Check
		missed_revisit_call_days: DF.Int
		missed_revisit_message_days: DF.Int
		missed_revisit_supervisor_days: DF.Int
		monetary_cut_points: DF.SmallText | None
		morning_call_from: DF.Time | None
		morning_call_to: DF.Time | None
		morning_reminder: DF.Check
		new_staff_days: DF.Int
		quiet_from: DF.Time | None
		quiet_to: DF.Time | None
		readmission_days: DF.Int
		recency_cut_points: DF.SmallText | None
		red_response_hours: DF.Float
		reviews_per_week: DF.Int
		reviews_per_week_new: DF.Int
		revisit_conversion_days: DF.Int
		risk_score: DF.Literal["LACE", "HOSPITAL", "Higher of Both"]
		slot_afternoon_from: DF.Time | None
		slot_afternoon_to: DF.Time | None
		slot_evening_from: DF.Time | None
		slot_evening_to: DF.Time | None
		slot_morning_from: DF.Time | None
		slot_morning_to: DF.Time | None
		solo_needs_sign_off: DF.Check
		spacing_hours: DF.Int
		special_care_channel: DF.Literal["Home Visit", "Phone"]
		tier_when_incomplete: DF.Literal["High", "Medium", "Low"]
		training_hours_per_year: DF.Float
		trigger_status: DF.Literal["Discharged", "Discharge Scheduled"]
		unanswered_messages: DF.Int
		value_computed_on: DF.Date | None
		value_high_from: DF.Int
		value_high_from_two: DF.Int
		value_medium_from: DF.Int
		value_medium_from_two: DF.Int
		value_minimum_patients: DF.Int
		value_minimum_visits: DF.Int
		value_months: DF.Int
		value_patients: DF.Int
	# end: auto-generated types
