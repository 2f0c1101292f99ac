// Booking a revisit in the hospital's diary: whom, which week, which time.
frappe.provide("hospital_followup");

const API = "revisit_api";

/** Asks for a time and books it; resolves to the booking, or null when nothing was booked. */
hospital_followup.book_revisit = ({ patient, revisit }) =>
	new Promise((resolve) => new Booking({ patient, revisit, resolve }).open());

class Booking {
	constructor({ patient, revisit, resolve }) {
		Object.assign(this, { patient, revisit, resolve });
	}

	async open() {
		const facts = await this.ask({});
		if (!facts) return this.resolve(null);
		if (!facts.practitioners?.length || !facts.kinds.length) {
			frappe.msgprint({
				title: __("Nobody Can Be Booked"),
				message: __(
					"No practitioner has a schedule, or there is no appointment type for practitioners. Agree on a day and write it down."
				),
			});
			return this.resolve(null);
		}
		if (!facts.may_book) {
			frappe.msgprint({
				title: __("Not Allowed to Book"),
				message: __(
					"You may see the free times but make no appointments. Ask for a role that may create them, or agree on a day and write it down."
				),
			});
		}
		this.dialog = this.make_dialog(facts);
		this.show(facts);
		this.dialog.show();
	}

	/** The server's answer, or null when it refused. */
	async ask(values) {
		try {
			return await hospital_followup.call(`${API}.booking_options`, {
				patient: this.patient,
				revisit: this.revisit,
				...values,
			});
		} catch (error) {
			if (error instanceof Error) throw error;
			return null;
		}
	}

	make_dialog(facts) {
		const dialog = new frappe.ui.Dialog({
			title: __("Book the Revisit"),
			size: "large",
			fields: [
				{
					fieldname: "practitioner",
					fieldtype: "Select",
					label: __("With"),
					options: facts.practitioners.map((each) => ({
						value: each.name,
						label: [each.title, each.department].filter(Boolean).join(" · "),
					})),
					default: facts.practitioner,
					change: () => this.look({ since: this.since }),
				},
				{ fieldtype: "Column Break" },
				{
					fieldname: "kind",
					fieldtype: "Select",
					label: __("Kind of Appointment"),
					options: facts.kinds.map((name) => ({ value: name, label: __(name) })),
					default: facts.kinds[0],
				},
				{ fieldtype: "Section Break" },
				{ fieldname: "times", fieldtype: "HTML" },
			],
			primary_action_label: __("Book"),
			primary_action: ({ practitioner, kind }) => this.book(practitioner, kind),
			on_hide: () => this.resolve(null), // after a booking this is nothing new
		});
		dialog.$wrapper.addClass("hf-booking");
		dialog.fields_dict.times.$wrapper.on("click", "button", (event) => this.clicked(event.currentTarget));
		return dialog;
	}

	async look(values) {
		const practitioner = this.dialog.get_value("practitioner");
		if (practitioner === this.asked?.practitioner && values.since === this.asked?.since) return;
		this.asked = { practitioner, ...values };
		const facts = await this.ask(this.asked);
		if (facts) this.show(facts);
	}

	show(facts) {
		this.asked = { practitioner: facts.practitioner, since: facts.since };
		this.since = facts.since;
		this.today = facts.today;
		this.start = null;
		this.may_book = facts.may_book;
		this.dialog.fields_dict.times.$wrapper.html(times_html(facts));
		this.name_button();
	}

	clicked(button) {
		const { week, start } = button.dataset;
		if (week) {
			const since = frappe.datetime.add_days(this.since, Number(week) * 7);
			this.look({ since: since < this.today ? this.today : since });
			return;
		}
		this.start = start;
		for (const other of this.dialog.$wrapper[0].querySelectorAll("[data-start]")) {
			other.setAttribute("aria-pressed", String(other === button));
		}
		this.name_button();
	}

	/** The button says what it will do. */
	name_button() {
		const button = this.dialog.get_primary_btn();
		button.prop("disabled", !this.start || !this.may_book);
		const text = this.start
			? __("Book {0}", [`${hospital_followup.day(this.start)} ${this.start.slice(11, 16)}`])
			: __("Choose a Time");
		button.text(text);
	}

	async book(practitioner, kind) {
		const { patient, revisit, start } = this;
		if (!start) return;
		try {
			const booked = await hospital_followup.call(`${API}.book_revisit`, {
				patient,
				revisit,
				practitioner,
				start,
				kind,
			});
			this.resolve(booked);
			this.dialog.hide();
			const when = `${hospital_followup.day(start)} ${start.slice(11, 16)}`;
			frappe.show_alert({
				message: __("Booked for {0}", [hospital_followup.esc(when)]),
				indicator: "green",
			});
		} catch (error) {
			if (error instanceof Error) throw error;
			this.asked = null; // somebody else was faster: show what is free now
			this.look({ since: this.since });
		}
	}
}

function times_html({ days, since, today, expected_on }) {
	const esc = hospital_followup.esc;
	const rows = days.map(
		({
			date,
			slots,
		}) => `<div class="hf-times-day" role="group" aria-label="${esc(hospital_followup.day(date))}">
			<h6>${esc(hospital_followup.day(date))}${
				date === expected_on ? ` <small class="text-muted">${__("planned")}</small>` : ""
			}</h6>${slots.map(time_html).join("") || `<span class="text-muted">–</span>`}</div>`
	);
	const back = since > today ? "" : "disabled";
	return `<div class="hf-times-week">
		<button type="button" class="btn btn-default btn-sm" data-week="-1" ${back}>‹ ${__("Week Before")}</button>
		<button type="button" class="btn btn-default btn-sm" data-week="1">${__("Week After")} ›</button></div>
		<div class="hf-times">${rows.join("")}</div>`;
}

function time_html({ start, time, seats, by_queue, place }) {
	const esc = hospital_followup.esc;
	const left = seats ? (by_queue || seats > 1 ? __("{0} left", [seats]) : "") : __("full");
	const note = left ? ` <small>${left}</small>` : "";
	return `<button type="button" class="btn btn-default btn-sm" data-start="${esc(start)}" aria-pressed="false"
		title="${esc(place || "")}" ${seats ? "" : "disabled"}>${esc(time)}${note}</button>`;
}
