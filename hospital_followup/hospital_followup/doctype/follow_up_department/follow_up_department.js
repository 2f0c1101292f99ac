frappe.ui.form.on("Follow-up Department", {
	setup(frm) {
		frm.set_query("calendar", () => ({ filters: { enabled: 1 } }));
	},
	refresh(frm) {
		if (frm.is_new()) return;
		const open = (doctype, filters) => () =>
			frappe.set_route("List", doctype, { department: frm.doc.name, ...filters });
		frm.add_custom_button(
			__("Running Plans"),
			open("Follow-up Plan", { status: ["in", ["Draft", "Active", "Paused"]] })
		);
		frm.add_custom_button(
			__("Open Tasks"),
			open("Follow-up Task", { status: ["in", ["Open", "In Progress"]] })
		);
	},
});
