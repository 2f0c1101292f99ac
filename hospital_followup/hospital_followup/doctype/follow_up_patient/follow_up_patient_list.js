frappe.listview_settings["Follow-up Patient"] = {
	hide_name_column: true,
	hide_name_filter: true,
	add_fields: ["status", "risk_tier", "mobile_status", "special_care"],
	has_indicator_for_draft: 1,
	get_indicator(doc) {
		const colours = { Active: "green", "Do Not Contact": "red", Deceased: "darkgrey", Merged: "gray" };
		return [__(doc.status, null, "Follow-up Patient"), colours[doc.status], `status,=,${doc.status}`];
	},
	formatters: {
		risk_tier: (value) => hospital_followup.tier_pill(value),
		mobile_masked: (value, df, doc) =>
			["Wrong Number", "Out of Service"].includes(doc.mobile_status)
				? `${hospital_followup.esc(value)} ${hospital_followup.pill(__(doc.mobile_status), "red")}`
				: hospital_followup.esc(value),
	},
	onload(listview) {
		hospital_followup.show_columns(listview, 7);
		listview.page.add_inner_button(__("Phone Numbers to Correct"), () => {
			frappe.set_route("query-report", "Phone Numbers to Correct");
		});
	},
};
