// Is follow-up done, in time, and does it reach people?
frappe.query_reports["Follow-up Performance"] = hospital_followup.figures_report({
	groups: [
		"Department",
		"Company",
		"Staff",
		"Doctor",
		"Risk Tier",
		"Channel",
		"Pathway",
		"Day",
		"Week",
		"Month",
	],
	limits: ["department", "company", "doctor", "staff", "risk_tier", "channel", "pathway"],
});
