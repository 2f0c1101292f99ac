frappe.listview_settings["Discharge Import"] = {
	hide_name_column: true, // a hash: the title says who or what
};
