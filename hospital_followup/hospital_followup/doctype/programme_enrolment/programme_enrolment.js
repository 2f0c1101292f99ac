// What can be done with an enrolment, and why it stands as it does.
frappe.ui.form.on("Programme Enrolment", {
	setup(frm) {
		frm.set_query("pathway", () => ({ filters: { status: "Approved" } }));
	},
	async refresh(frm) {
		frm.set_intro("");
		if (frm.is_new()) return;
		const reason = hospital_followup.sentence(frm.doc.status_reason);
		if (reason && frm.doc.status !== "Active") frm.set_intro(hospital_followup.esc(reason), "blue");
		if (!frm.perm[0]?.write) return;
		await frappe.require("programmes.bundle.js");
		hospital_followup.add_enrolment_buttons(frm);
	},
});
