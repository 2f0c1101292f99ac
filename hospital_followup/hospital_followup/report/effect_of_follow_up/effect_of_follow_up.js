// Followed up against held out; the words above the table say what may be concluded.
frappe.query_reports["Effect of Follow-up"] = {
	filters: [
		{ fieldname: "from_date", label: __("Discharges From"), fieldtype: "Date" },
		{
			fieldname: "to_date",
			label: __("Discharges To"),
			fieldtype: "Date",
			default: frappe.datetime.get_today(),
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
		const empty = data && (data[column.fieldname] ?? null) === null;
		return empty ? "–" : hospital_followup.cell(value, row, column, data, default_formatter);
	},
};
