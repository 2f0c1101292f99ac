// From the mother's programme to the child's: a newborn is enrolled with her as its guardian, and the two are linked.
frappe.ui.form.on("Programme Enrolment", {
	async refresh(frm) {
		if (frm.is_new() || frm.doc.status === "Left" || !frm.perm[0]?.write) return;
		const { message } = await frappe.db.get_value("Care Pathway", frm.doc.pathway, "anchor");
		if (message?.anchor !== "Expected Delivery") return;
		frm.add_custom_button(__("Enrol Newborn"), () => enrol_newborn(frm));
	},
});

async function enrol_newborn(frm) {
	const enrolment = frm.doc.name;
	const found = await hospital_followup.call("newborn_api.newborn_proposal", { enrolment });
	const is_new = "eval:!doc.child";
	hospital_followup.ask_and_send({
		title: __("Enrol Newborn"),
		fields: [
			{
				fieldtype: "Select",
				fieldname: "pathway",
				label: __("Pathway"),
				options: found.pathways,
				default: found.pathways[0],
				description: found.pathways.length
					? ""
					: __("No pathway that counts from birth is approved yet."),
				reqd: 1,
			},
			{
				fieldtype: "Link",
				fieldname: "child",
				label: __("Child Is a Patient Already"),
				options: "Follow-up Patient",
			},
			{
				fieldtype: "Section Break",
				depends_on: is_new,
				label: __("New Patient"),
				description: __("{0} is entered as the guardian.", [hospital_followup.esc(found.caregiver)]),
			},
			{
				fieldtype: "Data",
				fieldname: "patient_name",
				label: __("Patient Name"),
				mandatory_depends_on: is_new,
			},
			{
				fieldtype: "Data",
				fieldname: "patient_id",
				label: __("Hospital Number"),
				default: found.patient_id,
				mandatory_depends_on: is_new,
			},
			{ fieldtype: "Column Break" },
			{
				fieldtype: "Date",
				fieldname: "date_of_birth",
				label: __("Date of Birth"),
				mandatory_depends_on: is_new,
			},
			{
				fieldtype: "Select",
				fieldname: "sex",
				label: __("Sex"),
				options: ["", "Male", "Female"],
			},
			{ fieldtype: "Section Break" },
			{
				fieldtype: "Select",
				fieldname: "way",
				label: __("How the Mother Agreed"),
				options: [{ value: "", label: __("Nobody has asked yet") }, ...found.ways],
				description: __("Without consent the programme waits and plans nothing."),
			},
		],
		label: __("Enrol"),
		async send(values) {
			const made = await hospital_followup.call("newborn_api.enrol_newborn", { enrolment, ...values });
			await frm.reload_doc();
			frappe.set_route("Form", "Programme Enrolment", made);
		},
	});
}
