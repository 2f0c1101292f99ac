frappe.listview_settings["Care Content"] = {
	hide_name_column: true, // a hash: the title says who or what
};
