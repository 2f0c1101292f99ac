// From discharge to the revisit: where patients are lost.
frappe.query_reports["Follow-up Funnel"] = hospital_followup.figures_report({
	groups: ["Department", "Company", "Doctor", "Risk Tier", "Pathway", "Day", "Week", "Month"],
	limits: ["department", "company", "doctor", "risk_tier", "pathway"],
});
