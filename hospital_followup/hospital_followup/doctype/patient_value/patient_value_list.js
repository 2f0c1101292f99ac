frappe.listview_settings["Patient Value"] = {
	hide_name_column: true,
	hide_name_filter: true,
	add_fields: ["value_tier", "score"],
	get_indicator(doc) {
		const words = { High: __("High value"), Medium: __("Medium value"), Low: __("Low value") };
		const colours = { High: "purple", Medium: "blue", Low: "gray" };
		return [words[doc.value_tier], colours[doc.value_tier], `value_tier,=,${doc.value_tier}`];
	},
	onload: (listview) => hospital_followup.show_columns(listview, 6),
};
