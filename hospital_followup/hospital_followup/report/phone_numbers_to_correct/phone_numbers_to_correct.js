// Numbers that lead nowhere, each with one button that puts it right.
frappe.query_reports["Phone Numbers to Correct"] = {
	filters: [
		{
			fieldname: "department",
			label: __("Department"),
			fieldtype: "Link",
			options: "Follow-up Department",
		},
	],

	formatter(value, row, column, data, default_formatter) {
		if (!data) return hospital_followup.cell(value, row, column, data, default_formatter);
		if (column.fieldname === "patient_name") {
			return hospital_followup.doc_link("Follow-up Patient", data.patient, value);
		}
		if (column.fieldname === "action") {
			return `<button class="btn btn-xs btn-default" data-hf-patient="${hospital_followup.esc(data.patient)}"
				data-hf-whose="${data.whose}">${__("Correct…")}</button>`;
		}
		if (column.fieldname === "state_label") return hospital_followup.pill(value, "red");
		if (column.fieldname === "risk_tier") return hospital_followup.tier_pill(value);
		return hospital_followup.cell(value, row, column, data, default_formatter);
	},

	onload(report) {
		report.page.wrapper.on("click", "[data-hf-patient]", (event) => {
			const { hfPatient: patient, hfWhose: whose } = event.currentTarget.dataset;
			const row = frappe.query_report.data.find(
				(one) => one.patient === patient && one.whose === whose
			);
			hospital_followup.correct_number(row, () => frappe.query_report.refresh());
		});
	},
};
