// Which share of the discharged patients was followed up, and who was not.
frappe.query_reports["Follow-up Coverage"] = hospital_followup.figures_report({
	groups: ["Department", "Company", "Doctor", "Risk Tier", "Pathway", "Day", "Week", "Month"],
	limits: ["department", "company", "doctor", "risk_tier", "pathway"],
	extra: [
		hospital_followup.report_choice("show", __("Show"), {
			Figures: __("Figures"),
			"Discharges Not Covered": __("Discharges Not Covered"),
		}),
	],
});
