frappe.listview_settings["Patient Discharge"] = {
	hide_name_column: true,
	hide_name_filter: true,
	add_fields: [
		"decision",
		"decision_reason",
		"risk_tier",
		"planned_contacts",
		"missing_facts",
		"cancelled",
	],
	has_indicator_for_draft: 1,
	get_indicator(doc) {
		return [
			__(doc.decision),
			hospital_followup.colour("decision", doc.decision),
			`decision,=,${doc.decision}`,
		];
	},
	formatters: {
		risk_tier: (value) => hospital_followup.tier_pill(value),
	},
	onload(listview) {
		hospital_followup.show_columns(listview, 6);
		const show = (label, filters) =>
			listview.page.add_inner_button(label, () => {
				listview.filter_area.clear().then(() => listview.filter_area.add(filters));
			});
		show(__("Without a Decision"), [["Patient Discharge", "decision", "=", "Pending"]]);
		show(__("Facts Missing"), [["Patient Discharge", "missing_facts", "is", "set"]]);
		if (frappe.model.can_write("Follow-up Plan")) {
			listview.page.add_action_item(__("Plan Again"), () =>
				hospital_followup.plan_selected_again(listview, listview.get_checked_items(true))
			);
		}
	},
};
