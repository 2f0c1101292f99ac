const ROLE_COLOURS = { "Follow-up Doctor": "danger", "Follow-up Supervisor": "warning" };

frappe.views.calendar["Duty Roster"] = {
	field_map: { start: "date", end: "date", id: "name", title: "staff_name", allDay: "all_day" },
	fields: ["name", "date", "staff_name", "role"],
	get_css_class: (event) => ROLE_COLOURS[event.role] || "",
	options: {
		// The library knows Chinese as zh-cn only.
		locale: { zh: "zh-cn", "zh-TW": "zh-tw" }[frappe.boot.lang] || frappe.boot.lang,
		firstDay: 1,
		eventRender(event, element) {
			const words = `${event.title} · ${__(event.role)}`;
			element.attr("title", words).find(".fc-title").text(words);
		},
	},
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
