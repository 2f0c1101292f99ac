// Alerts wherever one is: the toast that wakes an open desk, the words, and what a doctor does with one tap.
const ALERT = "Follow-up Alert";
const LOUD = 120; // seconds that a red one stays on the screen
const QUIET = 30;

Object.assign(hospital_followup, {
	/** How bad it is: a sign and a word, never the colour alone. */
	severity_pill(severity) {
		const words = { Red: `▲ ${__("Red", null, ALERT)}`, Amber: `● ${__("Amber", null, ALERT)}` };
		return this.pill(words[severity] || severity, severity === "Red" ? "red" : "orange");
	},

	/** Whether an alert waits for its first response longer than it may. */
	alert_is_late(alert) {
		return (
			alert.status === "Open" && alert.respond_by && alert.respond_by < frappe.datetime.now_datetime()
		);
	},

	acknowledge_alert(alert, done) {
		return this.unless_refused(async () => {
			const state = await this.call("alert_api.acknowledge", { alert });
			const name = this.esc(state.acknowledged_name);
			frappe.show_alert(
				state.mine
					? { message: __("Acknowledged. The alert is yours now."), indicator: "green" }
					: { message: __("{0} takes care of it already.", [name]), indicator: "blue" }
			);
			done?.(state);
		});
	},

	judge_alert(alert, judgement, done) {
		return this.unless_refused(async () => {
			done?.(await this.call("alert_api.judge", { alert, judgement }));
		});
	},

	have_patient_told(alert, { answer, callers }, done) {
		this.ask_and_send({
			title: __("Have the Patient Told"),
			intro: __("One call is made for it today, with your answer on its sheet."),
			fields: [
				{ ...answer_field(answer) },
				{
					fieldtype: "Select",
					fieldname: "assigned_to",
					label: __("Who Calls"),
					options: [
						{ value: "", label: __("Whoever knows the patient, else by load") },
						...callers,
					],
				},
			],
			label: __("Have the Patient Told"),
			send: async (values) => {
				await this.call("alert_api.have_patient_told", {
					alert,
					answer: values.answer,
					assigned_to: values.assigned_to || null,
				});
				frappe.show_alert({ message: __("The call is on its way."), indicator: "green" });
				done?.();
			},
		});
	},

	patient_was_told(alert, { answer }, done) {
		this.ask_and_send({
			title: __("I Have Told the Patient"),
			fields: [
				answer_field(answer),
				{
					fieldtype: "Select",
					fieldname: "outcome",
					label: __("To Whom"),
					options: [
						{ value: "Reached Patient", label: __("Patient") },
						{ value: "Reached Caregiver", label: __("Caregiver") },
					],
					default: "Reached Patient",
				},
				{
					fieldtype: "Select",
					fieldname: "channel",
					label: __("Channel"),
					options: ["Phone", "Home Visit", "WeChat", "SMS", "Email"].map((value) => ({
						value,
						label: __(value),
					})),
					default: "Phone",
				},
				{
					fieldtype: "Datetime",
					fieldname: "contacted_at",
					label: __("Contacted At"),
					default: frappe.datetime.now_datetime(),
				},
				{ fieldtype: "Small Text", fieldname: "notes", label: __("Notes"), max_height: "5em" },
			],
			label: __("Save the Conversation"),
			send: async (values) => {
				await this.call("alert_api.patient_was_told", { alert, ...values });
				frappe.show_alert({ message: __("Answered. Thank you."), indicator: "green" });
				done?.();
			},
		});
	},

	close_alert(alert, done, reason) {
		return this.unless_refused(async () => {
			await this.call("alert_api.close_alert", { alert, reason });
			frappe.show_alert({ message: __("The alert is closed."), indicator: "green" });
			done?.();
		});
	},

	close_unanswered(alert, done) {
		this.ask_and_send({
			title: __("Close Without an Answer"),
			intro: __("Only when the patient cannot be told any more."),
			fields: [
				{
					fieldtype: "Select",
					fieldname: "reason",
					label: __("Reason"),
					reqd: 1,
					options: ["Deceased", "Readmitted", "Lost to Follow-up"].map((value) => ({
						value,
						label: __(value, null, ALERT),
					})),
				},
			],
			label: __("Close"),
			send: async ({ reason }) => {
				await this.call("alert_api.close_alert", { alert, reason });
				done?.();
			},
		});
	},

	hand_over_complaint(alert, words, done) {
		this.ask_complaint(words, async (values) => {
			const { record } = await this.call("alert_api.hand_over_complaint", {
				alert,
				words: values.words,
			});
			const message = record
				? __("Handed over: {0} {1}", [__(record[0]), this.esc(record[1])])
				: __("Noted as a complaint. This site keeps no complaints elsewhere.");
			frappe.show_alert({ message, indicator: "green" });
			done?.();
		});
	},

	record_complaint(log, words) {
		this.ask_complaint(words, async (values) => {
			const alert = await this.call("alert_api.record_complaint", { log, words: values.words });
			frappe.set_route("Form", ALERT, alert);
		});
	},

	ask_complaint(words, send) {
		this.ask_and_send({
			title: __("Complaint"),
			intro: __("It is kept as an alert, and handed over where this site looks into complaints."),
			fields: [
				{
					fieldtype: "Small Text",
					fieldname: "words",
					label: __("What the Patient Complains Of"),
					reqd: 1,
					default: words || "",
					max_height: "9em",
				},
			],
			label: __("Hand Over"),
			send,
		});
	},

	reopen_alert(alert, done) {
		return this.unless_refused(async () => {
			await this.call("alert_api.reopen", { alert });
			done?.();
		});
	},
});

function answer_field(answer) {
	return {
		fieldtype: "Small Text",
		fieldname: "answer",
		label: __("Answer to the Patient"),
		reqd: 1,
		default: answer || "",
		max_height: "9em",
	};
}

/** Somebody of this desk is to respond: say so until it is read, with the two things that can be done about it. */
function wake({ alert, severity, occasion, subject }) {
	const may = frappe.model.can_write(ALERT) && occasion !== "not_told";
	const acknowledge = may
		? `<button type="button" class="btn btn-primary btn-sm" data-action="acknowledge">${__(
				"Acknowledge"
			)}</button> `
		: "";
	frappe.show_alert(
		{
			message: `${hospital_followup.severity_pill(severity)} ${hospital_followup.esc(subject)}`,
			body: `<div class="hf-toast">${acknowledge}<button type="button" class="btn btn-default btn-sm"
				data-action="open">${__("Open", null, "Button")}</button></div>`,
			indicator: severity === "Red" ? "red" : "orange",
		},
		severity === "Red" ? LOUD : QUIET,
		{
			open: () => frappe.set_route("Form", ALERT, alert),
			acknowledge: () =>
				hospital_followup.acknowledge_alert(alert, () => {
					if (cur_frm?.doc?.name === alert) cur_frm.reload_doc();
				}),
		}
	);
}

// Realtime is connected when the desk is up, not when this file is read.
$(document).on("app_ready", () => frappe.realtime.on("followup_alert", wake));
