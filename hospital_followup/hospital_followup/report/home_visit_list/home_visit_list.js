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
		if (!data) return hospital_followup.cell(value, row, column, data, default_formatter);
		if (column.fieldname === "move") return arrows(data);
		if (column.fieldname === "patient_name") {
			return hospital_followup.doc_link("Follow-up Task", data.task, value);
		}
		return hospital_followup.cell(value, row, column, data, default_formatter);
	},

	onload(report) {
		report.page.add_inner_button(__("Print Visit Sheets"), () => print_sheets(report.data || []));
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

/** The call sheets of the day in the order of the route, as one PDF to take along. */
function print_sheets(rows) {
	if (!rows.length) {
		frappe.show_alert({ message: __("There is no visit on this day."), indicator: "orange" });
		return;
	}
	const query = new URLSearchParams({
		doctype: "Follow-up Task",
		name: JSON.stringify(rows.map((row) => row.task)),
		format: "Follow-up Call Sheet",
		no_letterhead: "0",
	});
	window.open(`/api/method/frappe.utils.print_format.download_multi_pdf?${query}`, "_blank", "noopener");
}

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
