frappe.listview_settings["Follow-up Revisit"] = {
	hide_name_column: true, // a hash: the title says who or what
};
