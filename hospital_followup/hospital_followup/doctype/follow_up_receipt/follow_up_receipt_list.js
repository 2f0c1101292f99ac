frappe.listview_settings["Follow-up Receipt"] = {
	hide_name_column: true, // a hash: the columns say what was reported
	hide_name_filter: true,
};
