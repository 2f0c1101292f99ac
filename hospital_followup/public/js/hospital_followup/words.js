// Codes, dates and states as people read them.
frappe.provide("hospital_followup");

const COLOURS = {
	tier: { High: "red", Medium: "orange", Low: "green" },
	decision: { Pending: "orange", Planned: "green", Excluded: "gray", Missed: "red" },
	plan: { Draft: "gray", Active: "blue", Paused: "orange", Completed: "green", Stopped: "red" },
	revisit: {
		Expected: "blue",
		Booked: "cyan",
		Attended: "green",
		Missed: "red",
		Cancelled: "gray",
	},
	policy: { Draft: "orange", Active: "green", Retired: "gray" },
	message: {
		Queued: "blue",
		Sending: "cyan",
		Sent: "green",
		Delivered: "green",
		Failed: "red",
		Uncertain: "orange",
		Expired: "gray",
		Suppressed: "gray",
	},
	alert: { Open: "red", Acknowledged: "orange", "In Progress": "blue", Answered: "green", Closed: "gray" },
	task: {
		Scheduled: "gray",
		Open: "blue",
		"In Progress": "yellow",
		Completed: "green",
		Missed: "red",
		Skipped: "purple",
		Cancelled: "darkgrey",
	},
};

Object.assign(hospital_followup, {
	colour(kind, value) {
		return COLOURS[kind][value] || "gray";
	},

	/** The sentence of a reason code; a text that is no code is shown as it is. Dictionary: services/wording.py. */
	sentence(code) {
		return (frappe.boot.followup_reasons || {})[code] || code || "";
	},

	codes(text) {
		return (text || "")
			.split(",")
			.map((code) => code.trim())
			.filter(Boolean);
	},

	esc(text) {
		return frappe.utils.escape_html(String(text ?? ""));
	},

	/** A cell of a report. Frappe's own formatter takes a text for HTML, and a text that is JSON is stored as it was typed. */
	cell(value, row, column, data, default_formatter) {
		if (column.fieldtype === "Data") return hospital_followup.esc(value);
		return default_formatter(value, row, column, data);
	},

	/** "Thu, 5 Nov" or "11月5日周四"; with the year when it is not this year's. */
	day(date) {
		if (!date) return "";
		const value = frappe.datetime.str_to_obj(String(date).slice(0, 10));
		const options = { weekday: "short", day: "numeric", month: "short" };
		if (value.getFullYear() !== frappe.datetime.str_to_obj(frappe.datetime.get_today()).getFullYear()) {
			options.year = "numeric";
		}
		return new Intl.DateTimeFormat(frappe.boot.lang || "en", options).format(value);
	},

	/** From the day it opens to the day it closes, one of them when they are the same. */
	days(from, to) {
		return from === to || !to
			? this.day(from)
			: __("{0} to {1}", [this.day(from), this.day(to)], "Period");
	},

	/** "a, b and c" in the reader's language; the items may be HTML. */
	list(items) {
		return new Intl.ListFormat(frappe.boot.lang || "en", { type: "conjunction" }).format(items);
	},

	/** How a revisit stands, as a word in its colour. */
	revisit_pill(status) {
		return this.pill(__(status, null, "Follow-up Revisit"), this.colour("revisit", status));
	},

	pill(text, colour) {
		return `<span class="indicator-pill no-indicator-dot ${colour} hf-pill">${this.esc(text)}</span>`;
	},

	tier_pill(tier) {
		if (!tier) return "";
		const words = { High: __("High risk"), Medium: __("Medium risk"), Low: __("Low risk") };
		return this.pill(words[tier], this.colour("tier", tier));
	},

	/** The channel and who is responsible: "Phone · Follow-up Doctor". */
	how(contact) {
		return [contact.channel && __(contact.channel), contact.role && __(contact.role)]
			.filter(Boolean)
			.map((word) => this.esc(word))
			.join(" · ");
	},

	contacts_count(count) {
		return count === 1 ? __("1 contact") : __("{0} contacts", [count]);
	},
});
