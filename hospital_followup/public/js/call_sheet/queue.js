// The list of who is to be contacted.
import { clock, esc, sign } from "./html";
import { taken } from "./lease";

const TABS = [
	["due", () => __("Due")],
	["overdue", () => __("Overdue")],
	["callback", () => __("Promised")],
	["later", () => __("Later", null, "Worklist")],
	["done", () => __("Done")],
];

export class Queue {
	/** `open(name)` when a row was chosen, `filter()` when tab, search or team changed. */
	constructor(root, { open, filter }) {
		this.root = root;
		this.rows = [];
		this.tab = "due";
		this.selected = null;
		this.root.innerHTML = queue_html();
		this.search = root.querySelector("input");
		this.root.addEventListener("click", (event) => {
			const row = event.target.closest("[data-task]");
			const tab = event.target.closest("[data-tab]");
			if (row) open(row.dataset.task);
			if (tab) this.turn_to(tab.dataset.tab, filter);
		});
		this.root.addEventListener("keydown", (event) => this.arrow(event, filter));
		this.search.addEventListener("input", () => {
			clearTimeout(this.typing);
			this.typing = setTimeout(filter, 250);
		});
	}

	get text() {
		return this.search.value.trim();
	}

	turn_to(tab, filter) {
		this.tab = tab;
		this.show_tabs();
		filter();
	}

	/** The arrow keys go through the tabs, as a tab list does everywhere. */
	arrow(event, filter) {
		const step = { ArrowRight: 1, ArrowLeft: -1 }[event.code];
		if (!step || !event.target.matches("[role=tab]")) return;
		event.preventDefault();
		const names = TABS.map(([name]) => name);
		const next = names[(names.indexOf(this.tab) + step + names.length) % names.length];
		this.turn_to(next, filter);
		this.root.querySelector(`[data-tab=${next}]`).focus();
	}

	show({ rows, counts, more }) {
		this.rows = rows;
		this.counts = counts;
		this.show_tabs();
		const list = this.root.querySelector(".hf-rows");
		const focused = list.contains(document.activeElement) && document.activeElement.dataset.task;
		const top = list.scrollTop;
		list.innerHTML = rows.length
			? rows.map((row) => row_html(row, this.tab)).join("")
			: `<li class="hf-empty">${this.empty()}</li>`;
		list.scrollTop = top;
		if (focused) list.querySelector(`[data-task="${CSS.escape(focused)}"]`)?.focus();
		this.root.querySelector("[data-act=further]").hidden = !more;
		this.mark(this.selected);
	}

	empty() {
		if (this.text) return __("Nobody matches this search.");
		if (this.tab === "done") return __("No call is finished yet today.");
		if (this.tab !== "due") return __("Nobody is waiting here.");
		const done = this.counts.done;
		const count = done === 1 ? __("1 call done today.") : __("{0} calls done today.", [done]);
		return `<b>${__("Nobody is waiting now.")}</b><br>${done ? count : ""}`;
	}

	show_tabs() {
		for (const [name] of TABS) {
			const tab = this.root.querySelector(`[data-tab=${name}]`);
			tab.setAttribute("aria-selected", String(name === this.tab));
			tab.tabIndex = name === this.tab ? 0 : -1;
			tab.querySelector("b").textContent = this.counts?.[name] ?? "";
		}
	}

	mark(name) {
		this.selected = name;
		for (const row of this.root.querySelectorAll("[data-task]")) {
			const current = row.dataset.task === name;
			row.toggleAttribute("aria-current", current);
			if (current) {
				row.setAttribute("aria-current", "true");
				row.scrollIntoView({ block: "nearest" });
			}
		}
	}

	/** The next free row after (1) or before (-1) the row `name`; the first one when there is no such row. */
	beside(name, step) {
		const free = this.rows.filter((row) => row.name === name || !taken(row));
		const index = free.findIndex((row) => row.name === name);
		if (index < 0) return free[0]?.name;
		return free[index + step]?.name;
	}
}

function queue_html() {
	const tabs = TABS.map(
		([name, label]) =>
			`<button type="button" role="tab" data-tab="${name}" aria-selected="false"><b></b>${label()}</button>`
	);
	const team = hospital_followup.may_hand_out()
		? `<option value="1" selected>${__("The whole team")}</option><option value="0">${__("Mine")}</option>`
		: `<option value="0" selected>${__("Mine")}</option><option value="1">${__(
				"The whole team"
			)}</option>`;
	return `<div class="hf-queue-head">
		<input type="search" class="form-control" placeholder="${__("Search")}"
			aria-label="${__("Search name or number")}" autocomplete="off">
		<select class="form-control" aria-label="${__("Whose calls")}">${team}</select>
		</div>
		<div role="tablist" class="hf-tabs" aria-label="${__("Which calls")}">${tabs.join("")}</div>
		<ul class="hf-rows" aria-label="${__("Patients to contact")}"></ul>
		<button type="button" class="btn btn-default btn-block" data-act="further" hidden>${__("Show More")}</button>`;
}

function row_html(row, tab) {
	const held = taken(row);
	const when = tab === "done" ? row.outcome && `<b>${esc(__(row.outcome))}</b>` : when_of(row);
	const facts = [when, esc(__(row.channel))].filter(Boolean).join(" · ");
	const tried = row.attempts && tab !== "done" ? `${__("tried {0}×", [row.attempts])}` : "";
	const first = row.first_contact ? __("first contact") : "";
	const more = [row.number && esc(row.number), first, tried].filter(Boolean).join(" · ");
	return `<li><button type="button" class="hf-row" data-task="${esc(row.name)}" ${held ? "disabled" : ""}>
		<span class="hf-row-top"><b>${esc(row.patient_name)}</b> ${hospital_followup.tier_pill(row.risk_tier)}</span>
		<span class="hf-row-facts">${facts}</span>
		${more ? `<span class="hf-row-facts">${more}</span>` : ""}
		${row_state(row, held)}</button></li>`;
}

function when_of(row) {
	if (row.next_attempt_at) return `<b>${esc(hospital_followup.moment(row.next_attempt_at))}</b>`;
	if (!row.overdue_days) return esc(hospital_followup.day(row.due_date));
	const days = row.overdue_days;
	const text = days === 1 ? __("1 day overdue") : __("{0} days overdue", [days]);
	return `<b class="hf-late">${sign("late")} ${text}</b>`;
}

function row_state(row, held) {
	if (held) {
		const until = clock(row.holder.until);
		return `<span class="hf-taken">${sign("lock")} ${__("{0} is calling until {1}", [
			esc(row.holder.name),
			until,
		])}</span>`;
	}
	if (row.holder) return `<span class="hf-mine">${sign("phone")} ${__("You are calling")}</span>`;
	if (row.draft) return `<span class="hf-mine">${sign("pen")} ${__("Begun, not finished")}</span>`;
	return "";
}
