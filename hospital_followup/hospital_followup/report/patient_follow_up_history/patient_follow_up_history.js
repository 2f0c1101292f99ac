// Everything that was done for a patient, contact by contact.
frappe.query_reports["Patient Follow-up History"] = hospital_followup.figures_report({
	extra: [
		{
			fieldname: "patient",
			label: __("Patient"),
			fieldtype: "Link",
			options: "Follow-up Patient",
		},
	],
	limits: ["department", "staff", "channel"],
});
