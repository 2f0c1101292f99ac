frappe.listview_settings["Duty Roster"] = {
	hide_name_column: true,
	hide_name_filter: true,
	add_fields: ["date"],
	get_indicator(doc) {
		const today = frappe.datetime.get_today();
		if (doc.date === today) return [__("Today"), "green", `date,=,${today}`];
		return doc.date > today
			? [__("Coming"), "blue", `date,>,${today}`]
			: [__("Past"), "gray", `date,<,${today}`];
	},
	onload: (listview) => hospital_followup.show_columns(listview, 6),
};
