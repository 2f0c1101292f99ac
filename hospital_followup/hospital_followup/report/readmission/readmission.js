// Who was admitted again within 30 days.
frappe.query_reports["Readmission"] = hospital_followup.figures_report({
	groups: ["Department", "Company", "Doctor", "Risk Tier", "Pathway", "Day", "Week", "Month"],
	limits: ["department", "company", "doctor", "risk_tier", "pathway"],
	extra: [
		hospital_followup.report_choice("show", __("Show"), {
			Figures: __("Figures"),
			"Readmitted Patients": __("Readmitted Patients"),
		}),
	],
});
