// Who does how much, against what was agreed, and what is waiting.
frappe.query_reports["Staff Workload and Targets"] = hospital_followup.figures_report({
	limits: ["staff", "department", "company", "risk_tier", "channel"],
});
