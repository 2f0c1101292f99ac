frappe.provide("hospital_followup");

// "Create → Patient Discharge" on a person's form in another app.
hospital_followup.add_discharge_button = function (frm) {
	if (frm.is_new() || !frappe.model.can_create("Patient Discharge")) {
		return;
	}
	frm.add_custom_button(
		__("Patient Discharge"),
		() => hospital_followup.new_discharge_of(frm.doctype, frm.docname),
		__("Create")
	);
};

hospital_followup.new_discharge_of = function (source_doctype, source_name) {
	return frappe
		.call({
			method: "hospital_followup.api.patient_from_source",
			args: { source_doctype, source_name },
			freeze: true,
		})
		.then(({ message }) => frappe.new_doc("Patient Discharge", { patient: message }));
};
