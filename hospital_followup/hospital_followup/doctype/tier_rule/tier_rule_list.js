frappe.listview_settings["Tier Rule"] = {
	add_fields: ["enabled"],
	get_indicator(doc) {
		return doc.enabled
			? [__("Enabled"), "green", "enabled,=,1"]
			: [__("Switched off"), "gray", "enabled,=,0"];
	},
	formatters: { risk_tier: (value) => hospital_followup.tier_pill(value) },
	onload: (listview) => hospital_followup.show_columns(listview, 5),
};
