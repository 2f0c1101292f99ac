// What patients say about the hospital.
frappe.query_reports["Patient Satisfaction"] = hospital_followup.figures_report({
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
