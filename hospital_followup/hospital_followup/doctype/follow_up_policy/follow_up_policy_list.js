frappe.listview_settings["Follow-up Policy"] = {
	add_fields: ["status", "version", "company"],
	has_indicator_for_draft: 1,
	get_indicator(doc) {
		return [
			__(doc.status, null, "Follow-up Policy"),
			hospital_followup.colour("policy", doc.status),
			`status,=,${doc.status}`,
		];
	},
	formatters: {
		version: (value) => __("v{0}", [value]),
		department: (value, df, doc) =>
			value
				? hospital_followup.esc(frappe.utils.get_link_title(df.options, value) || value)
				: `<span class="text-muted">${__("all departments")}</span>`,
	},
	onload: (listview) => hospital_followup.show_columns(listview, 6),
};
