frappe.listview_settings["Follow-up Calendar"] = {
	add_fields: ["enabled", "holiday_list"],
	get_indicator(doc) {
		return doc.enabled
			? [__("Enabled"), "green", "enabled,=,1"]
			: [__("Switched off"), "gray", "enabled,=,0"];
	},
};
