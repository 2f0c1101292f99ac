// Who recommended the hospital; a click on a number shows the discharges or surveys in which it was said.
const FIELD_OF_GROUP = {
	Source: "referral_source",
	Department: "department",
	"Recommended By": "recommended_by_patient",
};

frappe.query_reports["Referrals"] = {
	filters: [
		{
			fieldname: "from_date",
			label: __("From"),
			fieldtype: "Date",
			default: frappe.datetime.month_start(),
			reqd: 1,
		},
		{
			fieldname: "to_date",
			label: __("To"),
			fieldtype: "Date",
			default: frappe.datetime.get_today(),
			reqd: 1,
		},
		{
			fieldname: "group_by",
			label: __("Group By"),
			fieldtype: "Select",
			default: "Source",
			options: [
				{ value: "Source", label: __("Who Recommended Us") },
				{ value: "Department", label: __("Department") },
				{ value: "Recommended By", label: __("Recommended By") },
			],
		},
		{ fieldname: "company", label: __("Company"), fieldtype: "Data" },
		{
			fieldname: "department",
			label: __("Department"),
			fieldtype: "Link",
			options: "Follow-up Department",
		},
	],

	formatter(value, row, column, data, default_formatter) {
		const shown = hospital_followup.cell(value, row, column, data, default_formatter);
		if (column.fieldname !== "discharges" || !value || !data?.key) return shown;
		return `<a href="#" data-hf-key="${hospital_followup.esc(data.key)}">${hospital_followup.esc(value)}</a>`;
	},

	onload(report) {
		report.page.wrapper.on("click", "[data-hf-key]", (event) => {
			event.preventDefault();
			const asked = report.get_values();
			frappe.set_route("List", "Patient Discharge", {
				...(asked.company && { company: asked.company }),
				...(asked.department && { department: asked.department }),
				discharge_date: ["between", [asked.from_date, asked.to_date]],
				cancelled: 0,
				referral_source: ["is", "set"],
				[FIELD_OF_GROUP[asked.group_by]]: event.currentTarget.dataset.hfKey,
			});
		});
	},
};
