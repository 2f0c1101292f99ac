// One contact: the form is its call sheet. What is said on it is in public/js/call_sheet; here is what a form adds.
frappe.ui.form.on("Follow-up Task", {
	setup(frm) {
		frappe.realtime.on("followup_task_changed", (change) => {
			if (cur_frm !== frm || change.name !== frm.doc.name) return;
			if (frm.is_dirty()) frm.call_sheet?.refresh();
			else frm.reload_doc();
		});
	},

	refresh(frm) {
		lock_fields(frm);
		// Frappe's own assignments are to-dos; here the field Assigned To is the one truth.
		frm.page.sidebar.find(".form-assignments").hide();
		frm.toggle_display("overview_section", !frm.is_new());
		if (!frm.is_new()) show_sheet(frm);
	},
});

// What planning and the services own is changed through the buttons, which ask for what they need to know.
function lock_fields(frm) {
	const planned = [
		"patient",
		"plan",
		"kind",
		"status",
		"status_reason",
		"due_date",
		"opens_on",
		"expires_on",
		"next_attempt_at",
	];
	for (const field of planned) frm.set_df_property(field, "read_only", frm.is_new() ? 0 : 1);
	frm.set_df_property("assigned_to", "read_only", hospital_followup.may_hand_out() ? 0 : 1);
}

async function show_sheet(frm) {
	await frappe.require(["/assets/hospital_followup/css/call_sheet.css", "call_sheet.bundle.js"]);
	frm.call_sheet = frm.call_sheet || make_sheet(frm);
	if (frm.call_sheet.task === frm.doc.name) frm.call_sheet.refresh();
	else frm.call_sheet.open(frm.doc.name);
}

function make_sheet(frm) {
	const root = document.createElement("div");
	frm.get_field("overview").$wrapper.empty().append(root);
	// What somebody changed in the other tabs and did not save yet stays.
	const reload = () => (frm.is_dirty() ? frm.call_sheet.refresh() : frm.reload_doc());
	const sheet = new hospital_followup.CallSheet(root, {
		menu: false,
		finished: reload,
		changed: reload,
		shown: (facts) => {
			if (facts.task.name === frm.doc.name) add_buttons(frm, facts);
		},
	});
	hospital_followup.listen_to_keys(root, { ...sheet.keys(), help: hospital_followup.show_help });
	return sheet;
}

function add_buttons(frm, facts) {
	frm.clear_custom_buttons();
	for (const { label, run } of hospital_followup.actions_of(facts, () => frm.reload_doc())) {
		frm.add_custom_button(label, run);
	}
	frm.add_custom_button(__("Today's Follow-up"), () =>
		frappe.set_route("follow-up-worklist", frm.doc.name)
	);
}
