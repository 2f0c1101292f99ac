// The page "Today's Follow-up": the queue beside the call sheet.
import { esc, sign } from "./html";
import { show_help } from "./help";
import { ask_who_calls } from "./inbound";
import { listen_to_keys } from "./keys";
import { Queue } from "./queue";
import { Saver } from "./saver";
import { CallSheet } from "./sheet";
import { NetworkDown, post } from "./transport";

const PAGE = "follow-up-worklist";
const TASK = "Follow-up Task";
const LENGTH = 50;
const REFRESH = 60000;
const NARROW = "(max-width: 767px)";

export class Worklist {
	constructor(page) {
		this.page = page;
		this.root = page.main[0];
		this.root.classList.add("hf-worklist");
		this.root.innerHTML = worklist_html();
		this.length = LENGTH;
		this.asked = 0;
		this.queue = new Queue(this.part(".hf-queue-body"), {
			open: (name) => this.go_to(name),
			filter: () => this.filter(),
		});
		this.part("select").addEventListener("change", () => this.filter());
		this.sheet = new CallSheet(this.part(".hf-sheet-place"), {
			go_on: true,
			finished: (name, words) => this.after(name, words),
			changed: () => this.load(),
		});
		this.root.addEventListener("click", (event) => this.clicked(event));
		document.addEventListener("hf-saving", () => this.show_unsaved());
		this.keys();
		this.live();
		setInterval(() => this.visible() && this.load(), REFRESH);
	}

	part(selector) {
		return this.root.querySelector(selector);
	}

	visible() {
		return this.root.offsetParent !== null && !document.hidden;
	}

	narrow() {
		return window.matchMedia(NARROW).matches;
	}

	keys() {
		const { sheet } = this;
		listen_to_keys(this.root, {
			next: () => this.step(1),
			previous: () => this.step(-1),
			search: () => this.search(),
			help: show_help,
			...sheet.keys(),
		});
	}

	live() {
		const changed = (data) => {
			if (data?.doctype === TASK && this.visible()) this.soon();
			else if (data?.doctype === TASK) this.stale = true;
		};
		this.subscribe = () => {
			// A list view of the desk takes every listener of this event away when it opens.
			frappe.realtime.off("list_update", changed);
			frappe.realtime.on("list_update", changed);
			frappe.realtime.doctype_subscribe(TASK);
		};
		frappe.realtime.socket?.on("connect", () => this.subscribe());
	}

	/** Several changes at once are one look at the server. */
	soon() {
		this.waiting =
			this.waiting ||
			setTimeout(async () => {
				this.waiting = null;
				await this.load();
				this.sheet.refresh();
			}, 300);
	}

	/** The page came to the front, or its address changed. */
	async show() {
		this.subscribe();
		const name = frappe.get_route()[1];
		if (!this.loaded || this.stale || !name) await this.load();
		this.stale = false;
		const wanted = frappe.get_route()[1];
		if (wanted) this.open(wanted);
		else if (this.narrow()) this.leave_sheet();
		else if (this.sheet.task) this.go_to(this.sheet.task, { replace: true });
		else this.go_to(this.queue.beside(null, 1), { replace: true });
	}

	async filter() {
		this.length = LENGTH;
		await this.load();
	}

	async load() {
		const number = (this.asked += 1);
		const { queue } = this;
		try {
			const answer = await post("worklist", {
				tab: queue.tab,
				search: queue.text || null,
				start: 0,
				length: this.length,
				team: Number(this.part("select").value),
			});
			if (number !== this.asked) return;
			this.loaded = true;
			this.show_problem("");
			queue.show(answer);
		} catch (error) {
			if (number !== this.asked) return;
			const text =
				error instanceof NetworkDown ? __("No connection: the list may be old.") : error.message;
			this.show_problem(text);
		}
	}

	go_to(name, { replace = !this.narrow() } = {}) {
		if (!name) {
			this.open(null);
			return;
		}
		if (replace) frappe.route_flags.replace_route = true;
		frappe.set_route(PAGE, name);
	}

	open(name) {
		this.root.dataset.view = name ? "sheet" : "queue";
		this.part(".hf-nobody").hidden = Boolean(name);
		this.queue.mark(name);
		if (!name) this.sheet.close();
		else if (name !== this.sheet.task) {
			const direction = this.inbound === name ? "In" : undefined;
			this.inbound = null;
			this.sheet.open(name, { direction });
			this.part(".hf-sheet-place").scrollTop = 0;
			if (this.narrow()) window.scrollTo(0, 0);
		}
	}

	leave_sheet() {
		this.open(null);
		this.load();
	}

	step(by) {
		const name = this.queue.beside(this.sheet.task, by);
		if (name && name !== this.sheet.task) this.go_to(name, { replace: true });
	}

	/** A call is finished: the next patient, from the list as the server has it now. */
	async after(name, words) {
		this.part(".hf-last").textContent = words;
		const next = this.queue.beside(name, 1) || this.queue.beside(name, -1);
		await this.load();
		const there = this.queue.rows.some((row) => row.name === next);
		this.sheet.close();
		this.go_to(there ? next : this.queue.beside(null, 1), { replace: true });
		if (!there && !this.queue.rows.length) frappe.set_route(PAGE);
	}

	search() {
		if (this.narrow()) frappe.set_route(PAGE);
		this.queue.search.focus();
		this.queue.search.select();
	}

	clicked(event) {
		const act = event.target.closest("[data-act]")?.dataset.act;
		if (act === "back") frappe.set_route(PAGE);
		if (act === "inbound") this.incoming();
		if (act === "help") show_help();
		if (act === "further") {
			this.length += LENGTH;
			this.load();
		}
	}

	incoming() {
		ask_who_calls({
			open: (task) => {
				this.inbound = task;
				if (this.sheet.task === task) this.sheet.open(task, { direction: "In" });
				else this.go_to(task);
			},
			noted: () => this.load(),
		});
	}

	show_unsaved() {
		const others = Saver.unsaved().filter(
			({ task, state }) => task !== this.sheet.task && ["offline", "refused"].includes(state)
		);
		const names = others.map(({ patient_name }) => esc(patient_name));
		this.part(".hf-unsaved").innerHTML = names.length
			? `${sign("warn")} ${__("Not saved yet: {0}", [hospital_followup.list(names)])}`
			: "";
	}

	show_problem(text) {
		this.part(".hf-problem").textContent = text;
	}
}

function worklist_html() {
	return `<aside class="hf-queue" aria-label="${__("Queue")}">
			<div class="hf-queue-buttons">
				<button type="button" class="btn btn-default" data-act="inbound">${sign("phone")} ${__(
					"Incoming Call"
				)}</button>
				<button type="button" class="btn btn-default" data-act="help" aria-label="${__("Keys of the call sheet")}">?</button>
			</div>
			<p class="hf-unsaved" role="status"></p>
			<p class="hf-problem" role="status"></p>
			<div class="hf-queue-body"></div>
		</aside>
		<main class="hf-sheet-side">
			<button type="button" class="btn btn-default hf-back" data-act="back">← ${__("Back to the list")}</button>
			<p class="hf-last" role="status"></p>
			<p class="hf-nobody text-muted" hidden>${__("Choose a patient from the list.")}</p>
			<div class="hf-sheet-place"></div>
		</main>`;
}
