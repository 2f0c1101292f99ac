// What is switched on, and what the chosen channels can do today.
frappe.ui.form.on("Follow-up Settings", {
	setup(frm) {
		frm.set_query("default_calendar", () => ({ filters: { enabled: 1 } }));
		frm.set_query("default_department", () => ({ filters: { enabled: 1 } }));
	},
	refresh: show_settings,
	go_live: show_settings,
	hospital_name: show_settings,
	hospital_phone: show_settings,
});

function show_settings(frm) {
	const doc = frm.doc;
	const gaps = ["hospital_name", "hospital_phone", "default_calendar"]
		.filter((fieldname) => !doc[fieldname])
		.map((fieldname) => hospital_followup.field_link(frm, fieldname));
	hospital_followup.panel(frm, "overview", {
		colour: doc.go_live ? "green" : "orange",
		title: doc.go_live
			? __("Live: messages go out to patients.")
			: __("Not live: everything is planned and shown, and people can call; no message goes out."),
		lines: [gaps.length && `⚠ ${__("Still empty: {0}", [hospital_followup.list(gaps)])}`],
	});
}
