frappe.views.calendar["Duty Roster"] = {
	field_map: { start: "date", end: "date", id: "name", title: "staff_name", allDay: "all_day" },
	fields: ["name", "date", "staff_name", "role"],
	get_css_class: (event) =>
		({ "Follow-up Doctor": "danger", "Follow-up Supervisor": "warning" })[event.role] || "",
	filters: [
		{
			fieldtype: "Link",
			fieldname: "department",
			options: "Follow-up Department",
			label: __("Department"),
		},
		{ fieldtype: "Link", fieldname: "user", options: "User", label: __("On Duty") },
	],
};
