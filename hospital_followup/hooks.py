"""What Frappe calls. Every line points to one function in one thin module."""

app_name = "hospital_followup"
app_title = "Hospital Follow-up"
app_publisher = "Hospital Follow-up maintainers"
app_description = "Post-discharge follow-up: risk tiers, dated contacts, calls, alerts and results"
app_email = "maintainers@hospital-followup.example"
app_license = "GPL-3.0"
app_home = "/app/hospital-follow-up"

# Sources and channels: another app that names the same key takes over (the last installed app wins).
followup_patient_sources = {
	"Patient": "hospital_followup.sources.marley.MarleyPatientSource",
	"Customer": "hospital_followup.sources.erpnext.CustomerSource",
	"Contact": "hospital_followup.sources.contact.ContactSource",
}
followup_sources = {"Inpatient Record": "hospital_followup.sources.marley.InpatientRecordIntake"}
# Where it shows that patients came back, and the diary in which they are booked, by the patients' doctype.
followup_revisit_sources = {
	"Patient": "hospital_followup.sources.marley_visits.MarleyRevisitSource",
	"Customer": "hospital_followup.sources.erpnext_visits.CustomerRevisitSource",
}
followup_appointment_books = {"Patient": "hospital_followup.sources.marley_appointment.MarleyAppointmentBook"}
# Where complaints are looked into
followup_complaints = ["hospital_followup.sources.erpnext_issue.ERPNextIssueDesk"]
followup_planned = [
	"hospital_followup.services.revisits.on_planned",
	"hospital_followup.services.pathway_revisits.on_planned",
	"hospital_followup.services.programme_plans.on_planned",
]
followup_channels = {
	"Phone": "hospital_followup.channels.phone.PhoneChannel",
	"Home Visit": "hospital_followup.channels.visit.HomeVisitChannel",
	"SMS": "hospital_followup.channels.sms.SMSChannel",
	"WeChat": "hospital_followup.channels.wechat.WeChatChannel",
	"Email": "hospital_followup.channels.email.EmailChannel",
	"App Push": "hospital_followup.channels.push.PushChannel",
}

# The hospital's telephone system, one adapter per app, for example ["my_app.telephony.Switchboard"]; without one, numbers are
# dialled by the caller's own telephone.
followup_telephony = []

# Set-up: install, migrate, uninstall; what the app owns outright
after_sync = "hospital_followup.setup.install.after_sync"
before_migrate = "hospital_followup.setup.install.before_migrate"
after_migrate = "hospital_followup.setup.install.after_migrate"
before_uninstall = "hospital_followup.setup.uninstall.before_uninstall"
after_uninstall = "hospital_followup.setup.uninstall.after_uninstall"
# What the app owns outright. Named one by one: `bench export-fixtures` must never carry a hospital's own rows along.
fixtures = [
	{
		"dt": "Role",
		"filters": {
			"name": [
				"in",
				[
					"Follow-up Administrator",
					"Follow-up Doctor",
					"Follow-up Specialist",
					"Follow-up Supervisor",
				],
			]
		},
	},
	{
		"dt": "Workflow State",
		"filters": {
			"name": [
				"in",
				[
					"Alert Acknowledged",
					"Alert Answered",
					"Alert Closed",
					"Alert Open",
					"Alert in Progress",
					"Follow-up Completed",
					"Follow-up Paused",
					"Follow-up Stopped",
					"In Follow-up",
					"Policy Active",
					"Policy Draft",
					"Policy Retired",
					"Script Approved",
					"Script Draft",
					"Script Retired",
					"Script in Review",
				],
			]
		},
	},
	{
		"dt": "Workflow Action Master",
		"filters": {
			"name": [
				"in",
				[
					"Acknowledge Alert",
					"Activate Policy",
					"Answer Patient",
					"Approve Script",
					"Close Alert",
					"Pause Follow-up",
					"Reopen Alert",
					"Restore Follow-up",
					"Resume Follow-up",
					"Retire Policy",
					"Retire Script",
					"Send Back to Draft",
					"Send for Sign-off",
					"Stop Follow-up",
					"Work on Alert",
				],
			]
		},
	},
]
add_to_apps_screen = [
	{
		"name": "hospital_followup",
		"logo": "/assets/hospital_followup/images/logo.svg",
		"title": "Hospital Follow-up",
		"route": "/app/hospital-follow-up",
		"has_permission": "hospital_followup.permissions.has_app_permission",
	}
]

# The page that patients open without signing in (patient_page.py)
page_renderer = "hospital_followup.patient_page.PatientPage"
before_request = ["hospital_followup.services.guest_requests.hide_traceback"]

# Permissions: which records a person sees (permissions.py), which fields nobody can guess at (hidden_fields.py)
has_permission = {
	"Follow-up Patient": "hospital_followup.permissions.has_permission",
	"Patient Discharge": "hospital_followup.permissions.has_permission",
	"Patient Tier": "hospital_followup.permissions.has_permission",
	"Patient Value": "hospital_followup.permissions.has_permission",
	"Follow-up Plan": "hospital_followup.permissions.has_permission",
	"Follow-up Task": "hospital_followup.permissions.has_permission",
	"Follow-up Log": "hospital_followup.permissions.has_permission",
	"Follow-up Alert": "hospital_followup.permissions.has_permission",
	"Follow-up Consent": "hospital_followup.permissions.has_permission",
	"Follow-up Message": "hospital_followup.permissions.has_permission",
	"Follow-up Revisit": "hospital_followup.permissions.has_permission",
	"Follow-up Survey": "hospital_followup.permissions.has_permission",
	"Programme Enrolment": "hospital_followup.permissions.has_permission",
	"Quality Review": "hospital_followup.permissions.has_permission",
	"Follow-up Training": "hospital_followup.permissions.has_permission",
	"Discharge Import": "hospital_followup.permissions.has_permission",
	"Follow-up Daily Figure": "hospital_followup.permissions.has_permission",
	"Follow-up Daily Total": "hospital_followup.permissions.has_permission",
	"Follow-up Research Export": "hospital_followup.permissions.has_permission",
	"Follow-up Staff": "hospital_followup.permissions.has_staff_permission",
}
permission_query_conditions = {
	"Follow-up Patient": "hospital_followup.permissions.condition",
	"Patient Discharge": "hospital_followup.permissions.condition",
	"Patient Tier": "hospital_followup.permissions.condition",
	"Patient Value": "hospital_followup.permissions.condition",
	"Follow-up Plan": "hospital_followup.permissions.condition",
	"Follow-up Task": "hospital_followup.permissions.condition",
	"Follow-up Log": "hospital_followup.permissions.condition",
	"Follow-up Alert": "hospital_followup.permissions.condition",
	"Follow-up Consent": "hospital_followup.permissions.condition",
	"Follow-up Message": "hospital_followup.permissions.condition",
	"Follow-up Revisit": "hospital_followup.permissions.condition",
	"Follow-up Survey": "hospital_followup.permissions.condition",
	"Programme Enrolment": "hospital_followup.permissions.condition",
	"Quality Review": "hospital_followup.permissions.condition",
	"Follow-up Training": "hospital_followup.permissions.condition",
	"Discharge Import": "hospital_followup.permissions.condition",
	"Follow-up Daily Figure": "hospital_followup.permissions.condition",
	"Follow-up Daily Total": "hospital_followup.permissions.condition",
	"Follow-up Research Export": "hospital_followup.permissions.condition",
	"Follow-up Patient Condition": "hospital_followup.permissions.child_condition",
	"Discharge Diagnosis": "hospital_followup.permissions.child_condition",
	"Discharge Procedure": "hospital_followup.permissions.child_condition",
	"Tier Component": "hospital_followup.permissions.child_condition",
	"Follow-up Plan Pathway": "hospital_followup.permissions.child_condition",
	"Follow-up Plan Reaction": "hospital_followup.permissions.child_condition",
	"Follow-up Task Source": "hospital_followup.permissions.child_condition",
	"Follow-up Answer": "hospital_followup.permissions.child_condition",
	"Follow-up Log Guidance": "hospital_followup.permissions.child_condition",
	"Quality Review Criterion": "hospital_followup.permissions.child_condition",
	"Follow-up Training Participant": "hospital_followup.permissions.child_condition",
	"Discharge Import Column": "hospital_followup.permissions.child_condition",
	"Discharge Import Rejection": "hospital_followup.permissions.child_condition",
}
override_whitelisted_methods = {
	"frappe.client.get_count": "hospital_followup.hidden_fields.get_count",
	# Exports that no spreadsheet program runs (exports.py)
	"frappe.desk.query_report.export_query": "hospital_followup.exports.export_report",
	"frappe.desk.reportview.export_query": "hospital_followup.exports.export_list",
	"frappe.core.doctype.data_export.exporter.export_data": "hospital_followup.exports.export_records",
}
override_doctype_class = {"Auto Email Report": "hospital_followup.exports.FollowupAutoEmailReport"}

# "Create → Patient Discharge" where other apps keep people.
doctype_js = {
	"Patient": ["public/js/discharge_button.js", "public/js/patient.js"],
	"Customer": ["public/js/discharge_button.js", "public/js/customer.js"],
	"Contact": ["public/js/discharge_button.js", "public/js/contact.js"],
	"Programme Enrolment": "public/js/newborn.js",
}

# What documents of other apps tell us: doctypes that a site does not have never call.
doc_events = {
	# Nothing is written any more about a patient who was erased (services/erased_patients.py)
	(
		"Follow-up Patient",
		"Follow-up Plan",
		"Follow-up Task",
		"Follow-up Log",
		"Follow-up Alert",
		"Follow-up Consent",
		"Follow-up Message",
		"Follow-up Revisit",
		"Follow-up Survey",
		"Patient Discharge",
		"Patient Tier",
		"Programme Enrolment",
		"Quality Review",
	): {
		"before_validate": "hospital_followup.services.erased_patients.check",
		"before_cancel": "hospital_followup.services.erased_patients.check",
	},
	"Version": {"before_insert": "hospital_followup.hidden_fields.mask_version"},
	# Requests without a sign-in (services/guest_requests.py)
	"Error Log": {"before_insert": "hospital_followup.services.guest_requests.keep_kind_only"},
	# A workflow and the status that code reads (services/workflow_states.py)
	"Follow-up Alert": {
		"before_validate": "hospital_followup.services.workflow_states.keep_together",
		"after_insert": "hospital_followup.services.workflow_states.begin_in_state",
		"on_change": "hospital_followup.services.figure_marks.document_changed",
		"on_trash": "hospital_followup.services.figure_marks.document_deleted",
	},
	"Follow-up Policy": {
		"before_validate": "hospital_followup.services.workflow_states.keep_together",
		"after_insert": "hospital_followup.services.workflow_states.begin_in_state",
	},
	"Follow-up Script": {
		"before_validate": "hospital_followup.services.workflow_states.keep_together",
		"after_insert": "hospital_followup.services.workflow_states.begin_in_state",
	},
	# What Frappe Health shows of us (services/patient_history.py)
	"Follow-up Log": {
		"on_submit": "hospital_followup.sources.events.follow_up_recorded",
		"on_cancel": "hospital_followup.sources.events.follow_up_recorded",
		"on_change": "hospital_followup.services.figure_marks.document_changed",
		"on_trash": "hospital_followup.services.figure_marks.document_deleted",
	},
	# Which days have to be counted again (services/figure_marks.py)
	("Follow-up Message", "Follow-up Revisit", "Follow-up Survey", "Follow-up Task", "Patient Discharge"): {
		"on_change": "hospital_followup.services.figure_marks.document_changed",
		"on_trash": "hospital_followup.services.figure_marks.document_deleted",
	},
	"Follow-up Settings": {"on_change": "hospital_followup.services.figure_marks.settings_changed"},
	# Whether patients came back (services/revisit_detection.py). Closed and Cancelled appointments are written past every
	# event: the nightly look finds them.
	"Patient Encounter": {
		"on_update": "hospital_followup.sources.events.visit_told",
		"on_submit": "hospital_followup.sources.events.encounter_submitted",
		"on_cancel": "hospital_followup.sources.events.visit_told",
	},
	"Patient Appointment": {"on_update": "hospital_followup.sources.events.visit_told"},
	"Sales Invoice": {
		"on_submit": "hospital_followup.sources.events.visit_told",
		"on_cancel": "hospital_followup.sources.events.visit_told",
	},
	"Inpatient Record": {
		"on_update": "hospital_followup.sources.events.stay_saved",
		"on_trash": "hospital_followup.sources.events.stay_deleted",
	},
	("Patient", "Customer", "Contact"): {
		"on_update": "hospital_followup.sources.events.patient_saved",
		"after_rename": "hospital_followup.sources.events.patient_renamed",
		"on_trash": "hospital_followup.sources.events.patient_deleted",
	},
}

# Jobs. Each catches up by itself after any outage.
scheduler_events = {
	"cron": {
		"*/5 * * * *": ["hospital_followup.jobs.followup_dispatch_tick"],
		"30 2 * * *": ["hospital_followup.jobs.followup_nightly"],
		"30 7 * * *": ["hospital_followup.jobs.followup_morning"],
	}
}
default_log_clearing_doctypes = {"Follow-up Run": 90, "Follow-up Message": 365, "Follow-up Receipt": 180}

# Desk
app_include_js = "hospital_followup.bundle.js"
page_js = {"dashboard-view": "public/js/dashboard_view.js"}
app_include_css = "/assets/hospital_followup/css/hospital_followup.css?v=0.1.0"
extend_bootinfo = "hospital_followup.services.wording.extend_bootinfo"
additional_timeline_content = {
	"Follow-up Patient": "hospital_followup.services.timeline.timeline",
	"Patient Discharge": "hospital_followup.services.timeline.timeline",
	"Follow-up Plan": "hospital_followup.services.timeline.timeline",
}
