// Who came back for the revisit after being reminded.
frappe.query_reports["Revisit Conversion"] = hospital_followup.figures_report({
	groups: ["Department", "Company", "Doctor", "Risk Tier", "Pathway", "Day", "Week", "Month"],
	limits: ["department", "company", "doctor", "risk_tier", "pathway"],
});
