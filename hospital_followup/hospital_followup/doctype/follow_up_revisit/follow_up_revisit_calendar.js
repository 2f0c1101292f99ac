frappe.views.calendar["Follow-up Revisit"] = {
	field_map: {
		id: "name",
		start: "expected_on",
		end: "expected_on",
		title: "patient_name",
		allDay: "all_day",
		status: "status",
	},
	fields: ["name", "expected_on", "patient_name", "status", "appointment_at"],
	color_map: {
		Expected: "blue",
		Booked: "cyan",
		Attended: "green",
		Missed: "red",
		Cancelled: "darkgrey",
	},
	get_css_class: (event) => event.status,
	options: { eventDurationEditable: false, selectable: false },
};
