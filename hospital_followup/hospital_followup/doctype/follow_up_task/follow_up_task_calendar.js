frappe.views.calendar["Follow-up Task"] = {
	field_map: {
		id: "name",
		start: "due_date",
		end: "due_date",
		title: "patient_name",
		allDay: "all_day",
		status: "status",
	},
	fields: ["name", "due_date", "opens_on", "expires_on", "patient_name", "status"],
	color_map: {
		Scheduled: "gray",
		Open: "blue",
		"In Progress": "yellow",
		Completed: "green",
		Missed: "red",
		Skipped: "purple",
		Cancelled: "darkgrey",
	},
	get_css_class: (event) => event.status,
	options: { eventDurationEditable: false, selectable: false },
	// Dropping a contact on another day asks for the reason, as everywhere else.
	update_event(event, revert) {
		const day = moment(event.start).format("YYYY-MM-DD");
		revert();
		hospital_followup.reschedule_task(event, () => this.refresh(), day);
	},
};
