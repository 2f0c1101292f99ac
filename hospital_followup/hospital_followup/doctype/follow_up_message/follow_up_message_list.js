frappe.listview_settings["Follow-up Message"] = {
	hide_name_column: true, // a hash: the title says who or what
};
