// An expected revisit: what is known of it is written down by a button, and booked in the hospital's diary where there is one.
frappe.ui.form.on("Follow-up Revisit", {
	refresh(frm) {
		const booked = Boolean(frm.doc.appointment && frm.doc.appointment_at);
		frm.set_df_property("expected_on", "read_only", booked ? 1 : 0);
		for (const field of ["appointment_doctype", "appointment", "origin"])
			frm.set_df_property(field, "read_only", frm.is_new() ? 0 : 1);
		frm.set_intro(
			frm.doc.status === "Cancelled" && frm.doc.status_reason
				? hospital_followup.esc(hospital_followup.sentence(frm.doc.status_reason))
				: ""
		);
		frm.set_df_property("status_reason", "hidden", 1);
		if (frm.is_new() || !frm.perm[0]?.write) return;
		add_buttons(frm);
	},
});

function add_buttons(frm) {
	const { status, appointment, expected_on } = frm.doc;
	const today = frappe.datetime.get_today();
	const undecided = ["Expected", "Booked", "Missed"].includes(status);
	const group = __("Revisit", null, "Follow-up Task");
	if (undecided && (!appointment || status === "Missed"))
		frm.add_custom_button(__("Book a Time…"), () => book(frm));
	if (undecided) {
		if (expected_on <= today || status === "Missed")
			frm.add_custom_button(__("The Patient Came…"), () => came(frm), group);
		if (status !== "Missed" && expected_on < today)
			frm.add_custom_button(__("Did Not Come"), () => mark(frm, { status: "Missed" }), group);
		frm.add_custom_button(__("Not Expected Any More…"), () => cancel(frm), group);
	} else {
		frm.add_custom_button(__("Expect Again"), () => mark(frm, { status: "Expected" }), group);
	}
}

async function book(frm) {
	await frappe.require("revisit_booking.bundle.js");
	const booked = await hospital_followup.book_revisit({ patient: frm.doc.patient, revisit: frm.doc.name });
	if (booked) frm.reload_doc();
}

function came(frm) {
	const today = frappe.datetime.get_today();
	frappe.prompt(
		{
			fieldname: "attended_on",
			fieldtype: "Date",
			label: __("Attended On"),
			reqd: 1,
			default: frm.doc.expected_on < today ? frm.doc.expected_on : today,
		},
		({ attended_on }) => mark(frm, { status: "Attended", attended_on }),
		__("When did the patient come?"),
		__("Save")
	);
}

async function cancel(frm) {
	const answer = await hospital_followup.ask_reason({
		title: __("Why is the patient not expected any more?"),
		primary_label: __("Cancel the Revisit"),
	});
	if (answer) mark(frm, { status: "Cancelled", reason: answer.reason });
}

function mark(frm, values) {
	return hospital_followup.unless_refused(async () => {
		await hospital_followup.call("revisit_api.mark_revisit", { revisit: frm.doc.name, ...values });
		frm.reload_doc();
	});
}
