frappe.listview_settings["Follow-up Department"] = {
	add_fields: ["enabled"],
	get_indicator(doc) {
		return doc.enabled
			? [__("Enabled"), "green", "enabled,=,1"]
			: [__("Switched off"), "gray", "enabled,=,0"];
	},
	onload: (listview) => hospital_followup.show_columns(listview, 6),
};
