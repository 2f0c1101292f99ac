// Small pieces of HTML. Everything that people typed goes through `esc`.
let count = 0;

export const esc = (text) => hospital_followup.esc(text);

/** An id that no other element of the page has. */
export function unique(prefix) {
	count += 1;
	return `hf-${prefix}-${count}`;
}

/** The one place where HTML of the server becomes part of the page: scripts and advice, sanitised there. */
export function server_html(html) {
	return `<div class="hf-read">${html || ""}</div>`;
}

/** Lines that people typed, with their line breaks. */
export function lines(text) {
	return esc(text).replace(/\n/g, "<br>");
}

/** A list of label and value; empty values are left out. Values are HTML. */
export function facts(rows) {
	const items = rows
		.filter(([, value]) => value)
		.map(([label, value]) => `<div><dt>${label}</dt><dd>${value}</dd></div>`);
	return items.length ? `<dl class="hf-facts">${items.join("")}</dl>` : "";
}

// 16 × 16, drawn here because not every machine has a font with such signs.
const SIGNS = {
	stop: '<path d="M5 1h6l4 4v6l-4 4H5l-4-4V5z"/><path d="M8 4v5M8 11v1.5" stroke="#fff" stroke-width="2"/>',
	warn: '<path d="M8 1l7.5 14H.5z"/><path d="M8 6v4.5M8 12v1.5" stroke="#fff" stroke-width="1.8"/>',
	late: '<circle cx="8" cy="8" r="7"/><path d="M8 4v4.5l3 2" stroke="#fff" stroke-width="1.8" fill="none"/>',
	lock: '<path d="M3 7h10v8H3z"/><path d="M5 7V4.5a3 3 0 0 1 6 0V7" stroke="currentColor" stroke-width="2" fill="none"/>',
	phone: '<path d="M4 1l2.5 4L5 6.5a9 9 0 0 0 4.5 4.5L11 9.5l4 2.5-1 3C7 15 1 9 1 2z"/>',
	pen: '<path d="M1 15l1-4 9-9 3 3-9 9z"/>',
	care: '<path d="M8 14.5C2 10 1 7 1 5a3.5 3.5 0 0 1 7-1 3.5 3.5 0 0 1 7 1c0 2-1 5-7 9.5z"/>',
};

/** A small sign beside a word; it says nothing that the word does not say. */
export function sign(name) {
	return `<svg class="hf-sign" viewBox="0 0 16 16" width="14" height="14" fill="currentColor" aria-hidden="true"
		focusable="false">${SIGNS[name]}</svg>`;
}

/** How bad an answer or alert is: a sign and a word beside the colour. */
export function severity(level) {
	const words = { Red: __("Red flag"), Amber: __("Needs attention") };
	return `<b class="hf-severity" data-flag="${level}">${sign(level === "Red" ? "stop" : "warn")} ${words[level]}</b>`;
}

/** A number that can be called and copied; a masked one only shows what may be seen. */
export function phone(number) {
	if (!number) return `<i>${__("no number known")}</i>`;
	const text = esc(number);
	if (number.includes("*")) return `<span class="hf-number">${text}</span>`;
	return `<a class="hf-number" href="tel:${text.replace(/[^\d+]/g, "")}" data-act="dial">${text}</a>
		<button type="button" class="btn btn-default btn-xs" data-act="copy" data-copy="${text}"
			aria-label="${__("Copy the number")}">${__("Copy")}</button>`;
}

/** "10:32" of a datetime of the server. */
export function clock(datetime) {
	return String(datetime || "").slice(11, 16);
}

/** Minutes from now until a datetime of the server, by the site's clock. */
export function minutes_until(datetime) {
	const now = frappe.datetime.str_to_obj(frappe.datetime.now_datetime());
	return Math.ceil((frappe.datetime.str_to_obj(datetime) - now) / 60000);
}
