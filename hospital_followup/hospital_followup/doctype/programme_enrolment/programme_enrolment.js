// What can be done with an enrolment, and why it stands as it does.
frappe.ui.form.on("Programme Enrolment", {
	setup(frm) {
		frm.set_query("pathway", () => ({ filters: { status: "Approved" } }));
	},
	async refresh(frm) {
		frm.set_intro("");
		if (frm.is_new()) return;
		const { status, status_reason } = frm.doc;
		const waits = status === "Paused" && status_reason === "awaiting_consent";
		const reason = hospital_followup.sentence(status_reason);
		frm.toggle_display("status_reason", reason === status_reason); // words of a person; a code is a sentence above
		if (waits)
			frm.set_intro(__("Waits for the patient's consent; nothing is planned until then."), "orange");
		else if (reason && status !== "Active") frm.set_intro(hospital_followup.esc(reason), "blue");
		if (!frm.perm[0]?.write) return;
		await frappe.require("programmes.bundle.js");
		hospital_followup.add_enrolment_buttons(frm);
	},
});
