// A contact as it is entered here has the same effects as one from the task's dialog.
frappe.ui.form.on("Follow-up Log", {
	setup(frm) {
		frm.set_query("task", () => ({
			filters: {
				status: ["in", ["Scheduled", "Open", "In Progress", "Missed"]],
				...(frm.doc.patient ? { patient: frm.doc.patient } : {}),
			},
		}));
	},

	refresh(frm) {
		frm.set_df_property("outcome", "reqd", 1);
		if (frm.doc.docstatus === 1) {
			const text = frm.doc.stopped_plan
				? __("This record stopped the follow-up. Cancelling it takes that back.")
				: __("This record is final. Cancelling it takes its effects back.");
			frm.set_intro(text, frm.doc.stopped_plan ? "red" : "blue");
			if (frappe.model.can_create("Follow-up Alert")) {
				frm.add_custom_button(__("Record a Complaint…"), () =>
					hospital_followup.record_complaint(frm.doc.name, frm.doc.patient_feedback)
				);
			}
		}
	},
});
