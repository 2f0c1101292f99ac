// A patient asks for a copy of what is kept, or to be erased.
Object.assign(hospital_followup, {
	/** The two requests, in a group of their own on the patient's form; for administrators. */
	add_privacy_buttons(frm) {
		if (!frm.perm[0]?.delete || frm.doc.erased_on) return;
		const group = __("Privacy");
		frm.add_custom_button(__("Copy for the Patient…"), () => ask_copy(frm), group);
		if (frm.doc.status !== "Merged") {
			frm.add_custom_button(__("Erase the Patient…"), () => ask_erasure(frm), group);
		}
	},
});

function ask_copy(frm) {
	frappe.confirm(
		__(
			"The file holds everything kept here about this patient, health facts and value tier included. The download is logged. Hand it over to nobody but the patient or whoever acts for the patient."
		),
		() =>
			window.open_url_post("/api/method/hospital_followup.privacy_api.copy_patient", {
				patient: frm.doc.name,
			})
	);
}

async function ask_erasure(frm) {
	const found = await hospital_followup.call("privacy_api.erasure_summary", { patient: frm.doc.name });
	const dialog = new frappe.ui.Dialog({
		title: __("Erase this patient"),
		fields: [
			{ fieldtype: "HTML", fieldname: "what", options: words(found) },
			{
				fieldtype: "Data",
				fieldname: "number",
				label: __("Hospital Number, once more"),
				description: __("So that it is the right patient."),
				reqd: 1,
			},
			{
				fieldtype: "Small Text",
				fieldname: "reason",
				label: __("Reason"),
				description: __(
					"For example the day of the request. Do not write the patient's name here: this text stays."
				),
				reqd: 1,
			},
		],
		primary_action_label: __("Erase for Good"),
		primary_action: (values) => erase(frm, dialog, values),
		secondary_action_label: __("Go Back"),
		secondary_action: () => dialog.hide(),
	});
	dialog.get_primary_btn().removeClass("btn-primary").addClass("btn-danger");
	dialog.show();
}

function words(found) {
	const records = Object.entries(found.records)
		.map(([doctype, count]) => `${hospital_followup.esc(__(doctype))}: ${count}`)
		.join(" · ");
	const complaints = Object.entries(found.complaints)
		.flatMap(([doctype, names]) => names.map((name) => `${__(doctype)} ${name}`))
		.map((name) => hospital_followup.esc(name))
		.join(" · ");
	const lines = [
		found.open_plans && __("Follow-up is still running; it is stopped first."),
		__(
			"Names, numbers, health facts, answers, words and files are deleted and cannot be brought back. Empty records remain, so that the figures stay right."
		),
		records,
		found.files && __("Files: {0}", [found.files]),
		complaints && __("Deleted as well, with what was added there since: {0}", [complaints]),
		__(
			"The hospital's medical record and bills are not touched: the law says how long they must be kept. If something here must be kept as well, for example for a complaint or a court, do not erase."
		),
		__("Backups, files imported before and research files that were handed out are not changed."),
	];
	return lines
		.filter(Boolean)
		.map((line) => `<p>${line}</p>`)
		.join("");
}

async function erase(frm, dialog, values) {
	await hospital_followup.unless_refused(async () => {
		await hospital_followup.call("privacy_api.erase_patient", { patient: frm.doc.name, ...values });
		dialog.hide();
		frappe.show_alert({ message: __("The patient was erased."), indicator: "green" });
		frm.reload_doc();
	});
}
