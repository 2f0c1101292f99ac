// The way down from a number of another report: it opens with that number's filters, which nobody types.
frappe.query_reports["Records behind a Figure"] = hospital_followup.figures_report({
	limits: ["department", "company", "doctor", "staff", "risk_tier", "channel", "pathway"],
	extra: ["measure", "value_tier", "group_by", "group", "first_day", "last_day"].map((fieldname) => ({
		fieldname,
		label: fieldname,
		fieldtype: "Data",
		hidden: 1,
	})),
});
