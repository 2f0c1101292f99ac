frappe.listview_settings["Programme Enrolment"] = {
	hide_name_column: true, // a hash: the title says who or what
};
