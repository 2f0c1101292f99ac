// Completion by value tier inside each risk tier: is the promise kept for everybody alike?
frappe.query_reports["Contact Equity"] = hospital_followup.figures_report({
	limits: ["department", "company", "doctor", "staff", "risk_tier", "channel", "pathway"],
});
