// When people answer the telephone.
frappe.query_reports["Outcome by Attempt"] = hospital_followup.figures_report({
	groups: ["Hour", "Weekday", "Attempt", "Channel", "Staff", "Department"],
	limits: ["department", "company", "staff", "risk_tier", "channel"],
});
