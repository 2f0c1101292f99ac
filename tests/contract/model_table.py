"""The names that everything relies on: the table of the specification (model.md), as data.

`name` the field exists, `name*` it is indexed, `name!` it is unique, `name: A, B` a Select with exactly these
values (an empty first value is allowed), `name -> Doctype` a link, `name[Doctype]` a table of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_TIERS = "High, Medium, Low"
_STATUS = "Draft, Approved, Retired"

_MODEL = {
	"Follow-up Patient": f"""patient_id*; patient_name; sex; date_of_birth; mobile; email; wechat_openid; language;
		preferred_channel; preferred_slot; special_care; special_care_note; caregiver_name; caregiver_relation;
		caregiver_mobile; source_doctype -> DocType; source_name*; home_address; time_zone;
		conditions[Follow-up Patient Condition]; allergies; habits; phone_verified; company*;
		department* -> Follow-up Department; risk_tier: {_TIERS}; status: Active, Do Not Contact, Deceased, Merged;
		merged_into -> Follow-up Patient; external_key!""",
	"Patient Discharge": """patient* -> Follow-up Patient; admission_date; discharge_date*;
		department* -> Follow-up Department; attending_doctor; diagnoses[Discharge Diagnosis];
		procedures[Discharge Procedure]; emergency_admission: Yes, No; charlson; ed_visits; length_of_stay; haemoglobin;
		haemoglobin_unit; sodium; oncology: Yes, No; admissions_12m; pending_results;
		disposition: Home, Transferred, Hospice, Against Advice, Deceased, Other; revisit_date; instructions;
		source_doctype -> DocType; source_name; external_id; key!; company*; decision*: Pending, Planned, Excluded, Missed;
		decision_reason""",
	"Discharge Diagnosis": "code; title; primary",
	"Patient Tier": f"""patient* -> Follow-up Patient; discharge* -> Patient Discharge; assessed_on;
		method: LACE, HOSPITAL, Rules, Clinician, Given, Assumed; score; score_low; score_high; incomplete;
		components[Tier Component]; computed_risk_tier: {_TIERS}; risk_tier: {_TIERS}; override_reason;
		value_tier: {_TIERS}; reasons""",
	"Patient Value": f"""patient* -> Follow-up Patient; assessed_on; recency; frequency; monetary; score;
		value_tier: {_TIERS}; override_reason""",
	"Follow-up Policy": """title; version; status: Draft, Active, Retired; company; department -> Follow-up Department;
		valid_from; valid_to; rules[Follow-up Policy Rule]; workflow_state -> Workflow State""",
	"Follow-up Policy Rule": f"""risk_tier: {_TIERS}; value_tier: {_TIERS}; interval; interval_unit: Day, Week, Month;
		contacts; first_contact_day; channel; role; topics""",
	"Tier Rule": "title; priority; conditions[Tier Rule Condition]; risk_tier; enabled; source_note",
	"Tier Rule Condition": "field; operator; value",
	"Care Pathway": f"""title; version; status: {_STATUS}; anchor: Discharge, Surgery, Enrolment, Expected Delivery, Birth;
		diagnoses[Care Pathway Diagnosis]; departments[Care Pathway Department]; procedures[Care Pathway Procedure];
		sex: Male, Female; age_from; age_to; steps[Care Pathway Step]; sign_off""",
	"Care Pathway Step": """offset; offset_unit; repeat_every; repeat_unit; repeat_count; window_days; topics;
		script -> Follow-up Script; questionnaire -> Follow-up Questionnaire; channel; role""",
	"Follow-up Plan": """patient* -> Follow-up Patient; discharge* -> Patient Discharge; tier -> Patient Tier;
		policy -> Follow-up Policy; policy_version; pathways[Follow-up Plan Pathway]; start_date; end_date;
		status*: Draft, Active, Paused, Completed, Stopped; stop_reason; planned_contacts; completed_contacts;
		purpose: Discharge, Programme; company*; department* -> Follow-up Department; key!;
		workflow_state -> Workflow State""",
	"Follow-up Task": """plan* -> Follow-up Plan; patient* -> Follow-up Patient; patient_name;
		kind: Planned, Callback, Alert, Revisit; sequence; sources[Follow-up Task Source]; due_date*; opens_on; expires_on;
		channel; role; assigned_to* -> User; company*; department* -> Follow-up Department; risk_tier; priority; topics;
		script -> Follow-up Script; questionnaire -> Follow-up Questionnaire;
		status*: Scheduled, Open, In Progress, Completed, Missed, Skipped, Cancelled; status_reason; attempts;
		next_attempt_at*; claimed_by; claimed_until; completed_on; outcome; reasons; key!""",
	"Follow-up Log": """task* -> Follow-up Task; patient* -> Follow-up Patient; plan -> Follow-up Plan; channel;
		direction: Out, In; contacted_at*; staff -> User; late_entry; recording_url;
		outcome: Reached Patient, Reached Caregiver, No Answer, Busy, Voicemail, Wrong Number, Out of Service, Declined,
		Callback Requested, Rescheduled, Not Home, Replied, Deceased, Readmitted; identity_verified;
		script -> Follow-up Script; script_version; answers[Follow-up Answer]; guidance_given; topics_covered;
		patient_feedback; satisfaction; revisit_booked_on; next_step; notes; duration_seconds""",
	"Follow-up Answer": "question; value; number; flag",
	"Follow-up Script": f"""title; department -> Follow-up Department; condition; channel; language; opening; inquiry;
		guidance; revisit_reminder; closing; version; status: {_STATUS}; approved_by -> User; review_by;
		workflow_state -> Workflow State""",
	"Follow-up Questionnaire": f"title; version; status: {_STATUS}; questions[Follow-up Question]",
	"Follow-up Question": """code; text; answer_type: Yes/No, Number, Scale, Choice, Text; unit; minimum; maximum; choices;
		required; show_if; amber_if; red_if""",
	"Care Content": f"""title; conditions[Care Content Condition]; topic: Condition, Guidance, Revisit, Care; language; body;
		attachment; source_note; review_by; status: {_STATUS}""",
	"Follow-up Message": """task -> Follow-up Task; patient* -> Follow-up Patient; channel; purpose;
		template -> Message Template; body; send_after*; expires_at;
		status*: Queued, Sending, Sent, Delivered, Failed, Uncertain, Expired, Suppressed; status_reason; provider;
		provider_id*; tries; key!""",
	"Follow-up Consent": """patient -> Follow-up Patient; purpose: Clinical, Survey, Promotion, Research;
		channel: All, Phone, Home Visit, WeChat, SMS, Email, App Push; given_on; withdrawn_on; evidence""",
	"Follow-up Survey": """task -> Follow-up Task; patient -> Follow-up Patient; token_hash!; expires_at;
		status: Sent, Opened, Answered, Expired; answers[Follow-up Answer]; satisfaction; recommend; comment; wants_call""",
	"Follow-up Alert": """patient* -> Follow-up Patient; task -> Follow-up Task; log -> Follow-up Log;
		kind: Clinical, Satisfaction, Missed Revisit, Unreachable, Overdue; severity: Red, Amber; raised_on; respond_by*;
		rule -> Follow-up Alert Rule; detail; assigned_to -> User;
		status*: Open, Acknowledged, In Progress, Answered, Closed; judgement: True, False; answer_to_patient; key!;
		workflow_state -> Workflow State""",
	"Follow-up Alert Rule": """title; kind; severity; conditions[Follow-up Alert Condition]; role; respond_within_hours;
		escalate_to; enabled""",
	"Follow-up Revisit": """patient* -> Follow-up Patient; plan -> Follow-up Plan; expected_on*; preparation; appointment;
		status: Expected, Booked, Attended, Missed, Cancelled; attended_on; attributed_log -> Follow-up Log""",
	"Quality Review": """log -> Follow-up Log; staff -> User; reviewer -> User; criteria[Quality Review Criterion];
		script_score; content_score; feedback_score; total; sampled_because; coaching_note""",
	"Quality Review Criterion": "criterion; group: Script, Content, Feedback; weight; score",
	"Follow-up Training": "title; topic; held_on; hours; participants[Follow-up Training Participant]",
	"Follow-up Training Participant": "user -> User; passed; valid_until",
	"Discharge Import": """file; mapping[Discharge Import Column]; dry_run_result;
		rejected_rows[Discharge Import Rejection]; imported_rows; undone_on""",
	"Programme Enrolment": """patient* -> Follow-up Patient; pathway -> Care Pathway; anchor_date; enrolled_on;
		enrolled_by -> User; status: Active, Paused, Finished, Left; planned_until; key!""",
	"Message Template": """purpose: Clinical, Survey, Promotion, Research; channel; language; body; provider_template;
		variables; version; status""",
	"Follow-up Run": "job; started_at; ended_at; done; failed; skipped; errors[Follow-up Run Error]",
	"Follow-up Daily Figure": "date; department -> Follow-up Department; staff -> User; risk_tier; channel",
	"Follow-up Department": "company; supervisor -> User",
	"Follow-up Calendar": "exceptions[Follow-up Calendar Exception]; holiday_list",
	"Follow-up Calendar Exception": "date; working",
	"Follow-up Staff": """user! -> User; role; departments[Follow-up Staff Department]; capacity_per_day;
		absences[Follow-up Staff Absence]; language""",
	"Duty Roster": "date; role; user -> User",
	"Follow-up Settings": "",
}
SUBMITTABLE = {"Patient Tier", "Follow-up Log", "Quality Review", "Follow-up Training"}
SINGLE = {"Follow-up Settings"}

_FIELD = re.compile(
	r"(?P<name>\w+)(?P<mark>[*!]?)(\[(?P<table>[^\]]+)\])?( -> (?P<link>[^:]+))?(: (?P<options>.+))?"
)


@dataclass(frozen=True)
class Promise:
	"""What the specification says about one field."""

	doctype: str
	name: str
	indexed: bool
	unique: bool
	table: str | None
	link: str | None
	options: tuple[str, ...]


def promises() -> list[Promise]:
	return [
		_promise(doctype, " ".join(text.split()))
		for doctype, names in _MODEL.items()
		for text in filter(str.strip, names.split(";"))
	]


def _promise(doctype: str, text: str) -> Promise:
	match = _FIELD.fullmatch(text)
	assert match, f"{doctype}: {text}"
	values = tuple(value.strip() for value in (match["options"] or "").split(",") if value)
	return Promise(
		doctype,
		match["name"],
		match["mark"] == "*",
		match["mark"] == "!",
		match["table"],
		match["link"],
		values,
	)


DOCTYPES = set(_MODEL)
