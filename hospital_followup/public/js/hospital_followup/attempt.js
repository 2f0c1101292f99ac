// The dialog that records one attempt, from a task's form and from the list: by mouse, by keyboard, in any language.
const GROUPS = [
	{ label: () => __("Reached"), outcomes: ["Reached Patient", "Reached Caregiver", "Replied"] },
	{ label: () => __("Not reached"), outcomes: ["No Answer", "Busy", "Voicemail", "Not Home"] },
	{ label: () => __("Another time"), outcomes: ["Callback Requested", "Rescheduled"] },
	{ label: () => __("Number of no use"), outcomes: ["Wrong Number", "Out of Service"] },
	{ label: () => __("No further contact"), outcomes: ["Declined", "Deceased", "Readmitted"] },
];
// What cannot happen on a channel is not offered there.
const NOT_ON = {
	Phone: ["Not Home", "Replied"],
	"Home Visit": ["Busy", "Voicemail", "Wrong Number", "Out of Service", "Replied"],
};
const RETRY = ["No Answer", "Busy", "Voicemail", "Not Home"];
const PROMISE = ["Callback Requested", "Rescheduled"];

function effect_of(outcome) {
	if (["Reached Patient", "Reached Caregiver", "Replied"].includes(outcome)) {
		return __("The contact is done.");
	}
	if (RETRY.includes(outcome)) {
		return __("The contact stays open. Without a time of yours, the next attempt falls into call hours.");
	}
	if (PROMISE.includes(outcome)) return __("The contact stays open until the time the patient asked for.");
	return {
		"Wrong Number": __(
			"The number joins the list of numbers to correct. The caregiver, or another channel, is next."
		),
		"Out of Service": __(
			"The number joins the list of numbers to correct. The caregiver, or another channel, is next."
		),
		Declined: __("This contact is skipped. The plan goes on."),
		Deceased: __(
			"All follow-up of this patient stops at once. One click on the patient's record takes that back."
		),
		Readmitted: __("The follow-up plan stops. One click on the patient's record takes that back."),
	}[outcome];
}

function outcomes_html(channel) {
	let number = 0;
	const groups = GROUPS.map((group) => {
		const outcomes = group.outcomes.filter((outcome) => !(NOT_ON[channel] || []).includes(outcome));
		if (!outcomes.length) return "";
		const choices = outcomes.map((outcome) => {
			number += 1;
			const key = number < 10 ? `<kbd>${number}</kbd>` : "";
			return `<label class="hf-outcome"><input type="radio" name="hf-outcome" value="${outcome}">
				<span>${__(outcome)}</span>${key}</label>`;
		});
		return `<fieldset><legend>${group.label()}</legend>${choices.join("")}</fieldset>`;
	});
	return `<div class="hf-outcomes" role="radiogroup" aria-label="${__("Outcome")}">${groups.join("")}</div>
		<p class="hf-effect" role="status"></p>`;
}

function fields(task) {
	return [
		{ fieldtype: "HTML", fieldname: "outcomes" },
		{ fieldtype: "Section Break", hide_border: 1 },
		{ fieldtype: "Datetime", fieldname: "next_attempt_at", label: __("Call Again At"), hidden: 1 },
		{ fieldtype: "Check", fieldname: "identity_verified", label: __("Identity Confirmed"), hidden: 1 },
		{
			fieldtype: "Check",
			fieldname: "moved_away",
			label: __("Moved to Another Hospital"),
			description: __("Every plan of the patient stops; one click takes it back."),
			hidden: 1,
		},
		{ fieldtype: "Int", fieldname: "minutes", label: __("Minutes Spent") },
		{ fieldtype: "Column Break" },
		{ fieldtype: "Small Text", fieldname: "notes", label: __("Notes"), max_height: "7em" },
		{ fieldtype: "Section Break", label: __("Made Earlier, or in Another Way"), collapsible: 1 },
		{
			fieldtype: "Datetime",
			fieldname: "contacted_at",
			label: __("Contacted At"),
			description: __("Empty: now."),
		},
		{
			fieldtype: "Select",
			fieldname: "direction",
			label: __("Direction"),
			options: [
				{ value: "Out", label: __("We contacted the patient") },
				{ value: "In", label: __("The patient contacted us") },
			],
			default: "Out",
		},
		{ fieldtype: "Column Break" },
		{
			fieldtype: "Select",
			fieldname: "channel",
			label: __("Channel"),
			options: ["Phone", "Home Visit", "WeChat", "SMS", "Email", "App Push"],
			default: task.channel,
		},
		{
			fieldtype: "Select",
			fieldname: "contact_point",
			label: __("Who Was Called"),
			options: ["Patient", "Caregiver"],
			default: task.contact_point || "Patient",
		},
	];
}

function result_of(state) {
	const again = state.next_attempt_at && hospital_followup.moment(state.next_attempt_at);
	if (state.status === "Completed") return __("Recorded. The contact is done.");
	if (state.status === "Missed")
		return __("Recorded. {0}", [hospital_followup.sentence(state.status_reason)]);
	if (["Cancelled", "Skipped"].includes(state.status)) {
		return __("Recorded. {0}", [hospital_followup.sentence(state.status_reason)]);
	}
	if (!again) return __("Recorded. No further attempt fits into the window.");
	return state.contact_point === "Caregiver"
		? __("Recorded. Next attempt: {0}, with the caregiver.", [again])
		: __("Recorded. Next attempt: {0}.", [again]);
}

class AttemptDialog {
	constructor(task, done) {
		this.task = task;
		this.done = done;
		this.dialog = new frappe.ui.Dialog({
			title: __("Log Attempt: {0}", [hospital_followup.esc(task.patient_name)]),
			size: "large",
			fields: fields(task),
			primary_action_label: __("Save Attempt"),
			primary_action: (values) => this.record(values),
			secondary_action_label: __("Go Back"),
			secondary_action: () => this.dialog.hide(),
		});
		this.dialog.fields_dict.channel.df.onchange = () => this.show_outcomes();
		this.show_outcomes();
		this.listen();
		this.dialog.show();
		this.dialog.$wrapper.one("shown.bs.modal", () => this.focus());
	}

	get outcome() {
		return this.dialog.$wrapper.find("input[name=hf-outcome]:checked").val();
	}

	show_outcomes() {
		const chosen = this.outcome;
		const channel = this.dialog.get_value("channel") || this.task.channel;
		this.dialog.fields_dict.outcomes.$wrapper.html(outcomes_html(channel));
		if (chosen) this.choose(this.radios().filter(`[value="${chosen}"]`));
		this.show_effect();
	}

	radios() {
		return this.dialog.$wrapper.find("input[name=hf-outcome]");
	}

	choose($radio) {
		$radio.prop("checked", true).trigger("focus").trigger("change");
	}

	focus() {
		this.radios().first().trigger("focus");
	}

	listen() {
		const $wrapper = this.dialog.$wrapper;
		$wrapper.on("change", "input[name=hf-outcome]", () => this.show_effect());
		$wrapper.on("keydown", (event) => {
			// An input method that is composing owns every key.
			if (event.originalEvent?.isComposing || event.keyCode === 229) return;
			if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
				event.preventDefault();
				this.dialog.get_primary_btn().trigger("click");
			}
		});
		$wrapper.on("keydown", ".hf-outcomes", (event) => {
			if (/^[1-9]$/.test(event.key) && !event.ctrlKey && !event.altKey && !event.metaKey) {
				event.preventDefault();
				this.choose(this.radios().eq(Number(event.key) - 1));
			}
		});
	}

	show_effect() {
		const outcome = this.outcome;
		const again = RETRY.includes(outcome) || PROMISE.includes(outcome);
		const reached = ["Reached Patient", "Reached Caregiver"].includes(outcome);
		this.dialog.set_df_property("next_attempt_at", "hidden", !again);
		this.dialog.set_df_property("next_attempt_at", "reqd", PROMISE.includes(outcome));
		this.dialog.set_df_property("identity_verified", "hidden", !reached);
		const told = reached || [...PROMISE, "Declined", "Replied"].includes(outcome);
		this.dialog.set_df_property("moved_away", "hidden", !told);
		if (!told) this.dialog.set_value("moved_away", 0);
		if (!again) this.dialog.set_value("next_attempt_at", null);
		if (outcome === "Reached Caregiver") this.dialog.set_value("contact_point", "Caregiver");
		this.dialog.$wrapper
			.find(".hf-effect")
			.text(outcome ? effect_of(outcome) : "")
			.toggleClass("hf-grave", ["Deceased", "Readmitted"].includes(outcome));
	}

	async record(values) {
		if (!this.outcome) {
			frappe.show_alert({ message: __("Choose how the contact ended."), indicator: "orange" });
			this.focus();
			return;
		}
		this.dialog.disable_primary_action();
		await hospital_followup.unless_refused(() => this.send(values));
		this.dialog.enable_primary_action();
	}

	async send(values) {
		const state = await hospital_followup.call("api.log_attempt", {
			task: this.task.name,
			outcome: this.outcome,
			notes: values.notes,
			next_attempt_at: values.next_attempt_at,
			contacted_at: values.contacted_at,
			channel: values.channel,
			contact_point: values.contact_point,
			direction: values.direction,
			identity_verified: values.identity_verified,
			moved_away: values.moved_away,
			duration_seconds: values.minutes ? values.minutes * 60 : null,
		});
		this.dialog.hide();
		frappe.show_alert({ message: hospital_followup.esc(result_of(state)), indicator: "green" }, 9);
		this.done?.(state);
	}
}

Object.assign(hospital_followup, {
	/** What an outcome does, and what recording it did, as sentences. */
	effect_of,
	result_of,

	/** Record an attempt at `task` (a row with name, patient_name, channel and contact_point); `done` is called after. */
	log_attempt(task, done) {
		return new AttemptDialog(task, done);
	},

	/** "15:00" today, "Thu, 5 Nov, 15:00" on other days. */
	moment(datetime) {
		const [date, time] = String(datetime).split(" ");
		const clock = (time || "").slice(0, 5);
		if (date === frappe.datetime.get_today()) return __("today {0}", [clock]);
		return `${this.day(date)} ${clock}`;
	},
});
