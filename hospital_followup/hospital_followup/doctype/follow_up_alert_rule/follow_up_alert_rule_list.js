// A rule most of whose alerts were false is pointed out: `yields` comes once, after the list is drawn.
frappe.listview_settings["Follow-up Alert Rule"] = {
	hide_name_column: true, // the title is the name
	add_fields: ["enabled"],
	get_indicator(doc) {
		if (!doc.enabled) return [__("Switched off"), "gray", "enabled,=,0"];
		const found = this.yields?.[doc.name];
		return found?.weak
			? [__("Weak: {0}% right", [Math.round(found.percent)]), "orange", "enabled,=,1"]
			: [__("Enabled"), "green", "enabled,=,1"];
	},
	async onload(listview) {
		hospital_followup.show_columns(listview, 5);
		this.yields = await hospital_followup.call("rule_api.alert_rule_yields");
		listview.render_list();
	},
};
