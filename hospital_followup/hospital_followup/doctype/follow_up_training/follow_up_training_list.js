frappe.listview_settings["Follow-up Training"] = {
	hide_name_column: true, // a hash: the title says who or what
};
