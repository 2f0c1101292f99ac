// The year at a glance: working days plain, closed days struck through, swapped days bold.
const WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

frappe.ui.form.on("Follow-up Calendar", {
	refresh(frm) {
		frm.shown_year = frm.shown_year || Number(frappe.datetime.get_today().slice(0, 4));
		show_year(frm);
	},
	holiday_doctype: (frm) => show_year(frm),
	holiday_list: (frm) => show_year(frm),
	exceptions_remove: (frm) => show_year(frm),
	...Object.fromEntries(WEEKDAYS.map((day) => [day, (frm) => show_year(frm)])),
});

frappe.ui.form.on("Follow-up Calendar Exception", {
	date: (frm) => show_year(frm),
	working: (frm) => show_year(frm),
	note: (frm) => show_year(frm),
	exceptions_add: (frm) => show_year(frm),
	exceptions_remove: (frm) => show_year(frm),
});

const iso = (date) => moment(date).format("YYYY-MM-DD");

async function special_days(frm) {
	const doc = frm.doc;
	if (!doc.holiday_doctype) {
		return Object.fromEntries(
			(doc.exceptions || []).filter((row) => row.date).map((row) => [row.date, row])
		);
	}
	if (!doc.holiday_list) return {};
	const list = await frappe.xcall("frappe.client.get", {
		doctype: doc.holiday_doctype,
		name: doc.holiday_list,
	});
	return Object.fromEntries(
		list.holidays.map((row) => [
			row.holiday_date,
			{ working: 0, note: strip_html(row.description || "") },
		])
	);
}

function day_cell(frm, date, special) {
	const key = iso(date);
	const weekday = (date.getDay() + 6) % 7;
	const usually = frm.doc.holiday_doctype ? true : Boolean(frm.doc[WEEKDAYS[weekday]]);
	const row = special[key];
	const works = row ? Boolean(row.working) : usually;
	const kind = works ? (usually ? "" : "hf-swapped") : row ? "hf-holiday" : "hf-closed";
	const words = works
		? usually
			? ""
			: __("working day by exception")
		: row
			? __("holiday")
			: __("closed");
	const today = key === frappe.datetime.get_today() ? "hf-today" : "";
	const title = [words, row?.note].filter(Boolean).map(hospital_followup.esc).join(": ");
	return `<td><span class="${kind} ${today}" title="${title}" data-date="${key}">${date.getDate()}</span></td>`;
}

function month_table(frm, year, month, special) {
	const lang = frappe.boot.lang || "en";
	const name = new Intl.DateTimeFormat(lang, { month: "long" }).format(new Date(year, month, 1));
	const letters = new Intl.DateTimeFormat(lang, { weekday: "narrow" });
	const head = WEEKDAYS.map(
		(day, index) => `<th>${letters.format(new Date(2024, 0, 1 + index))}</th>`
	).join("");
	const days = new Date(year, month + 1, 0).getDate();
	const cells = Array((new Date(year, month, 1).getDay() + 6) % 7).fill("<td></td>");
	for (let day = 1; day <= days; day++) cells.push(day_cell(frm, new Date(year, month, day), special));
	const weeks = [];
	while (cells.length) weeks.push(`<tr>${cells.splice(0, 7).join("")}</tr>`);
	return `<div class="hf-month"><table><caption>${name}</caption><thead><tr>${head}</tr></thead>
		<tbody>${weeks.join("")}</tbody></table></div>`;
}

async function show_year(frm) {
	const special = await special_days(frm);
	const year = frm.shown_year;
	const months = [...Array(12).keys()].map((month) => month_table(frm, year, month, special)).join("");
	const button = (step, sign, label) =>
		`<button type="button" class="btn btn-default btn-sm" data-step="${step}" aria-label="${label}">${sign}</button>`;
	const wrapper = frm.get_field("picture").$wrapper;
	wrapper.html(
		`<div class="flex align-center justify-between mb-3">
			<div>${button(-1, "‹", __("Year before"))} <b class="mx-2">${year}</b> ${button(
				1,
				"›",
				__("Next year")
			)}</div>
			<div class="hf-month text-muted">
				<span class="hf-closed px-2">1</span> ${__("closed weekday")} ·
				<span class="hf-holiday px-2">1</span> ${__("holiday")} ·
				<span class="hf-swapped px-2">1</span> ${__("working day by exception")}
			</div>
		</div><div class="hf-months">${months}</div>`
	);
	wrapper.find("[data-step]").on("click", (event) => {
		frm.shown_year += Number(event.currentTarget.dataset.step);
		show_year(frm);
	});
}
