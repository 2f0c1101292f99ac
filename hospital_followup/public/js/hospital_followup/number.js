// Putting a telephone number right in one step: from the list of numbers, the patient's form and the call sheet.
const WAYS = ["Patient in Person", "Caregiver", "Test Call", "Entered Again", "Ward or Clinic", "Other"];
const SURE = ["Patient in Person", "Caregiver", "Test Call", "Entered Again"];

function effect_of(way) {
	if (!way) return "";
	return SURE.includes(way)
		? __("The number counts as confirmed. Open contacts come back to it.")
		: __("The number counts as not yet confirmed. Open contacts come back to it.");
}

Object.assign(hospital_followup, {
	/** Replace a number that leads nowhere. `row`: patient, patient_name, whose (Patient or Caregiver), number (masked). */
	correct_number(row, done) {
		const intro = [
			row.whose === "Caregiver" ? __("Number of the caregiver") : __("Number of the patient"),
			row.number,
			row.state && __(row.state),
		];
		const dialog = new frappe.ui.Dialog({
			title: __("Correct the Number: {0}", [this.esc(row.patient_name)]),
			fields: [
				{
					fieldtype: "HTML",
					options: `<p>${intro
						.filter(Boolean)
						.map((text) => this.esc(text))
						.join(" · ")}</p>`,
				},
				{
					fieldtype: "Data",
					fieldname: "number",
					label: __("New Number"),
					reqd: 1,
					description: __("With its area code, or with + and the country code."),
				},
				{
					fieldtype: "Select",
					fieldname: "verified_with",
					label: __("Confirmed With"),
					reqd: 1,
					options: WAYS.map((value) => ({ value, label: __(value, null, "Follow-up Patient") })),
					onchange: () => dialog.set_df_property("verified_with", "description", effect()),
				},
				{ fieldtype: "Small Text", fieldname: "note", label: __("Note"), max_height: "5em" },
			],
			primary_action_label: __("Save the Number"),
			primary_action: async (values) => {
				dialog.disable_primary_action();
				await this.unless_refused(async () => {
					await this.call("contact_api.correct_number", {
						patient: row.patient,
						whose: row.whose,
						...values,
					});
					dialog.hide();
					frappe.show_alert({ message: __("The number is corrected."), indicator: "green" });
					done?.();
				});
				dialog.enable_primary_action();
			},
			secondary_action_label: __("Go Back"),
			secondary_action: () => dialog.hide(),
		});
		const effect = () => effect_of(dialog.get_value("verified_with"));
		dialog.show();
		return dialog;
	},

	/** A number was clicked: the telephone system calls it where there is one, else the link dials. `also` always runs. */
	ring(event, task, also) {
		const contact_point = event.target.closest("[data-point]")?.dataset.point;
		also?.();
		if (!frappe.boot.followup_click_to_call) return;
		event.preventDefault();
		this.unless_refused(async () => {
			await this.call("contact_api.click_to_call", { task, contact_point });
			frappe.show_alert({ message: __("Your telephone rings in a moment."), indicator: "blue" });
		});
	},

	/** The guided dialog before discharge. `args`: patient, and the discharge when there is one. */
	prepare_bedside(args, done) {
		frappe.require("bedside.bundle.js", () => this.open_bedside(args, done));
	},
});

function tell_of_promise({ task, at }) {
	const when = hospital_followup.esc(hospital_followup.moment(at));
	const link = hospital_followup.doc_link("Follow-up Task", task, __("Open the contact"));
	frappe.show_alert(
		{ message: `☎ ${__("A promised call is due: {0}", [when])} · ${link}`, indicator: "orange" },
		60
	);
}

// Realtime is connected when the desk is up, not when this file is read.
$(document).on("app_ready", () => frappe.realtime.on("followup_callback_due", tell_of_promise));
