const REACHED = ["Reached Patient", "Reached Caregiver", "Replied"];
const ENDED = ["Declined", "Deceased", "Readmitted"];

frappe.listview_settings["Follow-up Log"] = {
	hide_name_column: true,
	hide_name_filter: true,
	add_fields: ["outcome", "late_entry"],
	get_indicator(doc) {
		if (doc.docstatus === 0) return [__("Draft"), "red", "docstatus,=,0"];
		if (doc.docstatus === 2) return [__("Cancelled"), "grey", "docstatus,=,2"];
		const colour = REACHED.includes(doc.outcome)
			? "green"
			: ENDED.includes(doc.outcome)
				? "gray"
				: "orange";
		return [__(doc.outcome), colour, `outcome,=,${doc.outcome}`];
	},
};
