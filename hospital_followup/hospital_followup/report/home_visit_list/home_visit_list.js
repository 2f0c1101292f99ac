// A day's home visits in the order of the route; two arrows change the order, and it stays.
frappe.query_reports["Home Visit List"] = {
	filters: [
		{
			fieldname: "day",
			label: __("Day"),
			fieldtype: "Date",
			default: frappe.datetime.get_today(),
			reqd: 1,
		},
		{ fieldname: "person", label: __("Assigned To"), fieldtype: "Link", options: "User" },
		{
			fieldname: "department",
			label: __("Department"),
			fieldtype: "Link",
			options: "Follow-up Department",
		},
	],

	formatter(value, row, column, data, default_formatter) {
		if (!data) return default_formatter(value, row, column, data);
		if (column.fieldname === "move") return arrows(data);
		if (column.fieldname === "patient_name") {
			return hospital_followup.doc_link("Follow-up Task", data.task, value);
		}
		return default_formatter(value, row, column, data);
	},

	onload(report) {
		report.page.wrapper.on("click", "[data-hf-move]", async (event) => {
			const { hfMove: step, hfTask: task } = event.currentTarget.dataset;
			await hospital_followup.unless_refused(() =>
				hospital_followup.call("contact_api.move_visit", {
					task,
					step,
					day: report.get_filter_value("day"),
				})
			);
			report.refresh();
		});
	},
};

function arrows(data) {
	const name = hospital_followup.esc(data.patient_name);
	const button = (step, sign, label) =>
		`<button class="btn btn-xs btn-default" data-hf-move="${step}" data-hf-task="${data.task}"
			aria-label="${label}" title="${label}">${sign}</button>`;
	return `${button("up", "↑", __("Visit {0} earlier", [name]))} ${button(
		"down",
		"↓",
		__("Visit {0} later", [name])
	)}`;
}
