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
followup_channels = {
	"Phone": "hospital_followup.channels.phone.PhoneChannel",
	"Home Visit": "hospital_followup.channels.visit.HomeVisitChannel",
}
