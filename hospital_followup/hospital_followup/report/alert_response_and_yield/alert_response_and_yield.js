// How fast alerts are answered, and which rules are worth their alarms.
frappe.query_reports["Alert Response and Yield"] = hospital_followup.figures_report({
	groups: [
		"Rule",
		"Kind",
		"Severity",
		"Department",
		"Company",
		"Staff",
		"Risk Tier",
		"Day",
		"Week",
		"Month",
	],
	limits: ["department", "company", "doctor", "staff", "risk_tier"],
});
