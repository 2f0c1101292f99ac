frappe.listview_settings["Follow-up Plan"] = {
	hide_name_column: true,
	hide_name_filter: true,
	add_fields: ["status", "risk_tier", "planned_contacts", "completed_contacts", "discharge"],
	has_indicator_for_draft: 1,
	get_indicator(doc) {
		return [
			__(doc.status, null, "Follow-up Plan"),
			hospital_followup.colour("plan", doc.status),
			`status,=,${doc.status}`,
		];
	},
	formatters: {
		risk_tier: (value) => hospital_followup.tier_pill(value),
		completed_contacts: (value, df, doc) =>
			__("{0} of {1}", [value || 0, doc.planned_contacts || 0], "Count"),
	},
	onload(listview) {
		hospital_followup.show_columns(listview, 7);
		if (frappe.model.can_write("Follow-up Plan")) {
			listview.page.add_action_item(__("Plan Again"), () =>
				hospital_followup.plan_selected_again(
					listview,
					listview
						.get_checked_items()
						.map((row) => row.discharge)
						.filter(Boolean)
				)
			);
		}
	},
};
