frappe.ui.form.on("Care Content", {
	refresh(frm) {
		hospital_followup.show_approval(frm, {
			Draft: __("Draft: write the text, then have a doctor approve it."),
			Approved: __("In use: callers read it out and hand it over."),
			Retired: __("Retired. It is offered to nobody any more."),
		});
	},
});
