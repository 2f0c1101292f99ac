frappe.listview_settings["Follow-up Survey"] = {
	hide_name_column: true, // a hash: the title says who or what
};
