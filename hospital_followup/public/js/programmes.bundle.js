// Life-long programmes on the forms of a patient and of an enrolment.
const call = (method, args) => hospital_followup.call(`programme_api.${method}`, args);

Object.assign(hospital_followup, {
	/** Choose a programme, the day it counts from and what the patient said; `done` gets the name of the enrolment. */
	async enrol_in_programme(patient, done) {
		const { offered, ways } = await call("programmes_of", { patient });
		if (!offered.length) {
			frappe.msgprint(
				__("No pathway is in use that counts from birth, enrolment or an expected delivery.")
			);
			return;
		}
		const chosen = (dialog) =>
			offered.find((one) => one.pathway === dialog.get_value("pathway")) || offered[0];
		const show = (dialog) => {
			const one = chosen(dialog);
			dialog.set_value("anchor_date", one.anchor_date);
			dialog.set_df_property("anchor_date", "description", __(one.anchor));
			dialog.set_df_property("way", "hidden", one.agreed ? 1 : 0);
			dialog.get_field("note").$wrapper.html(note_html(one));
		};
		const dialog = new frappe.ui.Dialog({
			title: __("Enrol in a Programme"),
			fields: [
				{
					fieldtype: "Select",
					fieldname: "pathway",
					label: __("Programme"),
					options: offered.map((one) => ({ value: one.pathway, label: one.title })),
					default: offered[0].pathway,
					reqd: 1,
					onchange: () => show(dialog),
				},
				{ fieldtype: "HTML", fieldname: "note" },
				{ fieldtype: "Date", fieldname: "anchor_date", label: __("Counts From"), reqd: 1 },
				{
					fieldtype: "Select",
					fieldname: "way",
					label: __("How the patient agreed"),
					options: [{ value: "", label: __("Nobody has asked yet") }, ...ways],
					description: __("Without consent the programme waits and plans nothing."),
				},
			],
			primary_action_label: __("Enrol"),
			async primary_action({ pathway, anchor_date, way }) {
				dialog.disable_primary_action();
				await hospital_followup.unless_refused(async () => {
					const name = await call("enrol", { patient, pathway, anchor_date, way: way || null });
					dialog.hide();
					done(name);
				});
				dialog.enable_primary_action();
			},
			secondary_action_label: __("Go Back"),
			secondary_action: () => dialog.hide(),
		});
		dialog.show();
		show(dialog);
	},

	add_enrolment_buttons(frm) {
		const { status, status_reason } = frm.doc;
		const waits = status === "Paused" && status_reason === "awaiting_consent";
		const button = (label, work) => frm.add_custom_button(label, work);
		if (waits) {
			button(__("Consent Given…"), () => ask_consent(frm)).addClass("btn-primary");
			button(__("Does Not Want It"), () => refuse(frm));
			return;
		}
		if (status === "Active") button(__("Pause…"), () => take_step(frm, "pause_enrolment"));
		if (status === "Paused") button(__("Resume"), () => resume(frm));
		if (["Active", "Paused"].includes(status)) {
			button(__("Leave…"), () => take_step(frm, "leave_programme"));
			button(__("Finish…"), () => take_step(frm, "finish_programme"));
			button(__("Consent Withdrawn"), () => refuse(frm));
		}
		if (["Left", "Finished"].includes(status)) button(__("Take Up Again"), () => resume(frm));
	},
});

function note_html({ agreed, suits }) {
	const lines = [
		agreed && `✓ ${__("The patient has agreed to this programme.")}`,
		!suits && `⚠ ${__("Age or sex do not fit what this programme is for.")}`,
	];
	return lines
		.filter(Boolean)
		.map((line) => `<p class="text-muted">${line}</p>`)
		.join("");
}

async function ask_consent(frm) {
	const ways = await call("ways_to_agree", { enrolment: frm.doc.name });
	hospital_followup.ask_and_send({
		title: __("The patient agrees to this programme"),
		fields: [
			{
				fieldtype: "Select",
				fieldname: "way",
				label: __("How the patient agreed"),
				options: ways,
				reqd: 1,
			},
		],
		label: __("Record Consent"),
		async send({ way }) {
			await call("record_consent", { enrolment: frm.doc.name, way });
			frappe.show_alert({ message: __("The programme has begun."), indicator: "green" });
			await frm.reload_doc();
		},
	});
}

function refuse(frm) {
	frappe.confirm(
		__("Record that the patient does not want this programme? Its open contacts are cancelled."),
		() =>
			hospital_followup.unless_refused(async () => {
				await call("record_refusal", { enrolment: frm.doc.name });
				await frm.reload_doc();
			})
	);
}

const STEPS = () => ({
	pause_enrolment: {
		title: __("Pause this programme"),
		intro: __(
			"Its contacts leave the worklists and do not expire. Dates do not shift: what passes meanwhile is cancelled on resuming."
		),
		primary_label: __("Pause the Programme"),
		said: __("The programme is paused."),
	},
	leave_programme: {
		title: __("The patient leaves this programme"),
		intro: __("Its open contacts are cancelled. You can take this back."),
		primary_label: __("Leave the Programme"),
		said: __("The patient has left the programme."),
	},
	finish_programme: {
		title: __("This programme has reached its end"),
		intro: __("Its open contacts are cancelled. You can take this back."),
		primary_label: __("Finish the Programme"),
		said: __("The programme is finished."),
	},
});

async function take_step(frm, method) {
	const { said, ...words } = STEPS()[method];
	const reason = (await hospital_followup.ask_reason(words))?.reason;
	if (!reason) return;
	await hospital_followup.unless_refused(async () => {
		await call(method, { enrolment: frm.doc.name, reason });
		hospital_followup.done(said, () => resume(frm));
		await frm.reload_doc();
	});
}

function resume(frm) {
	return hospital_followup.unless_refused(async () => {
		await call("resume_enrolment", { enrolment: frm.doc.name });
		frappe.show_alert({ message: __("The programme goes on."), indicator: "green" });
		await frm.reload_doc();
	});
}
