frappe.listview_settings["Programme Rule"] = {
	add_fields: ["enabled"],
	get_indicator: (doc) =>
		doc.enabled ? [__("Enabled"), "green", "enabled,=,1"] : [__("Switched off"), "gray", "enabled,=,0"],
};
