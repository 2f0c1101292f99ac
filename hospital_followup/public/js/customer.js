frappe.ui.form.on("Customer", {
	refresh(frm) {
		if (frm.doc.customer_type === "Individual") {
			hospital_followup.add_discharge_button(frm);
		}
	},
});
