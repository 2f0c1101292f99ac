"""What Frappe calls. Every line points to one function in one thin module."""

app_name = "hospital_followup"
app_title = "Hospital Follow-up"
app_publisher = "Hospital Follow-up maintainers"
app_description = "Post-discharge follow-up: risk tiers, dated contacts, calls, alerts and results"
app_email = "maintainers@hospital-followup.example"
app_license = "GPL-3.0"
app_home = "/app/hospital-follow-up"
