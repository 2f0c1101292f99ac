frappe.listview_settings["Follow-up Consent"] = {
	hide_name_column: true, // a hash: the title says who or what
};
