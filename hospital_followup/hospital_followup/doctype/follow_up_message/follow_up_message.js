// One message: what became of it and why, in a sentence. Nobody sends from here; an administrator says what nobody else knows.
frappe.ui.form.on("Follow-up Message", {
	refresh(frm) {
		if (frm.is_new()) return;
		frm.set_df_property("status_reason", "hidden", 1);
		frm.set_intro();
		frm.set_intro(what_happened(frm.doc), hospital_followup.colour("message", frm.doc.status));
		if (frm.perm[0]?.write) add_buttons(frm);
	},
});

function what_happened(doc) {
	const time = (value) => frappe.datetime.str_to_user(value);
	const texts = {
		Queued: () => __("Waits until {0}.", [time(doc.send_after)]),
		Sending: () => __("Is being handed over to {0}.", [doc.provider]),
		Sent: () =>
			__("{0} took the message at {1}.", [doc.provider || __("The service"), time(doc.sent_at)]),
		Delivered: () => __("Arrived at {0}.", [time(doc.delivered_at)]),
		Failed: () => __("Did not reach the patient."),
		Uncertain: () => __("Nobody knows whether it reached the patient. It is not sent again."),
		Expired: () => __("Was not sent."),
		Suppressed: () => __("Was not sent."),
	};
	const parts = [texts[doc.status](), hospital_followup.sentence(doc.status_reason)];
	return parts
		.filter(Boolean)
		.map((part) => hospital_followup.esc(part))
		.join(" ");
}

function add_buttons(frm) {
	const group = __("Settle");
	if (frm.doc.status === "Uncertain") {
		frm.add_custom_button(__("It Was Sent"), () => settle(frm, "Sent"), group);
		frm.add_custom_button(__("It Was Not Sent"), () => settle(frm, "Failed"), group);
	}
	if (frm.doc.status === "Queued")
		frm.add_custom_button(__("Hold Back"), () => settle(frm, "Suppressed"), group);
}

function settle(frm, status) {
	const questions = {
		Sent: __("Did the service confirm that it sent this message?"),
		Failed: __(
			"Did the service confirm that it did not send this message? A person takes over the contact."
		),
		Suppressed: __("Hold this message back for good? A person takes over the contact."),
	};
	frappe.confirm(questions[status], async () => {
		await frm.set_value("status", status);
		await frm.save();
	});
}
