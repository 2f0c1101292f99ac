frappe.listview_settings["Quality Review"] = {
	hide_name_column: true, // a hash: the title says who or what
};
