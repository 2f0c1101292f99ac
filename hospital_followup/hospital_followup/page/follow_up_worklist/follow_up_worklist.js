// The page itself; what happens on it is in public/js/call_sheet/worklist.js.
frappe.pages["follow-up-worklist"].on_page_load = function (wrapper) {
	const page = frappe.ui.make_app_page({
		parent: wrapper,
		title: __("Today's Follow-up"),
		single_column: true,
	});
	wrapper.disable_scroll_to_top = true;
	wrapper.ready = frappe
		.require(["/assets/hospital_followup/css/call_sheet.css", "call_sheet.bundle.js"])
		.then(() => {
			wrapper.worklist = new hospital_followup.Worklist(page);
		});
};

frappe.pages["follow-up-worklist"].on_page_show = function (wrapper) {
	wrapper.ready.then(() => wrapper.worklist.show());
};
