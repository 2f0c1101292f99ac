// The call sheet of one contact: loads it, draws it, and keeps page and server together while the call goes on.
import { actions_of } from "./actions";
import { Finishing } from "./finishing";
import { listen } from "./groups";
import { esc } from "./html";
import { sheet_html } from "./layout";
import { Lease, taken } from "./lease";
import { Questions } from "./questions";
import { Record } from "./record";
import { revisit_acts } from "./revisit";
import { Saver, merged } from "./saver";
import { show_saving, show_state } from "./answer";
import { post, show } from "./transport";

export class CallSheet {
	/**
	 * `go_on`: there is a next patient to go to. `menu`: show the other actions in the sheet itself.
	 * `finished(task, words)` after a call was finished, `changed()` after anything that others see, `shown(facts)`
	 * whenever the sheet shows something new.
	 */
	constructor(root, { go_on = false, menu = true, finished, changed, shown } = {}) {
		this.root = root;
		this.options = { go_on, menu, finished, changed, shown };
		this.root.classList.add("hf-call-sheet");
		listen(root, {
			chosen: ({ name, value }) => this.chosen(name, value),
			ticked: ({ name, value, checked }) => this.ticked(name, value, checked),
		});
		root.addEventListener("input", (event) => this.typed(event.target));
		root.addEventListener("click", (event) => this.clicked(event));
		for (const kind of ["pointerdown", "keydown"])
			root.addEventListener(kind, () => (this.active = true));
		this.lease = new Lease(this);
	}

	/** Show a task; `direction` "In" when the patient called us. */
	async open(task, { direction } = {}) {
		this.stop_listening?.();
		this.task = task;
		this.record = null;
		this.direction = direction;
		this.facts = null;
		this.started = null;
		this.root.innerHTML = `<p class="hf-loading text-muted" role="status">${__("Loading…")}</p>`;
		await this.load();
	}

	close() {
		this.stop_listening?.();
		this.task = null;
		this.facts = null;
		this.record = null;
		this.root.innerHTML = "";
	}

	async load() {
		const { task } = this;
		try {
			const facts = await post("call_sheet", { task });
			if (this.task === task) this.draw(facts);
		} catch (error) {
			if (this.task === task) this.cannot_load(error);
		}
	}

	cannot_load(error) {
		const text = error.message || __("No connection.");
		this.root.innerHTML = `<div class="hf-panel hf-red" role="alert"><p>${esc(text)}</p>
			<p><button type="button" class="btn btn-default" data-act="reload">${__("Try Again")}</button></p></div>`;
	}

	/** Somebody else changed the task: show it, without taking anything from the hands of who is writing. */
	async refresh() {
		const { task } = this;
		if (!task || !this.facts) return;
		let facts;
		try {
			facts = await post("call_sheet", { task });
		} catch {
			return; // the next heartbeat or change asks again
		}
		if (this.task !== task) return;
		const before = this.facts.task;
		const changed = fixed(facts.task) !== fixed(before) || taken(facts.task) !== taken(before);
		const mine = facts.task.holder?.user === frappe.session.user;
		if (changed && !mine && !this.saver.dirty) this.draw(facts);
		else this.facts.task = facts.task;
		this.show_holder();
		this.options.shown?.(facts);
	}

	draw(facts) {
		const chosen = this.record?.outcome;
		this.stop_listening?.();
		this.facts = facts;
		this.saver = Saver.of(this.task, facts.task.patient_name);
		this.saver.sequence = Math.max(this.saver.sequence, facts.draft.sequence || 0);
		facts.draft = merged(facts.draft, this.saver.unsent);
		facts.identity.verified = facts.draft.identity_verified;
		this.root.innerHTML = sheet_html(facts, {
			menu: this.options.menu,
			inbound: this.direction === "In",
		});
		this.finishing = new Finishing(this);
		this.alerts_shown = "";
		this.record = null;
		if (facts.task.may_log) this.draw_call(facts);
		if (this.record?.offers(chosen)) this.record.choose(chosen);
		this.show_holder();
		this.options.shown?.(facts);
	}

	draw_call(facts) {
		this.record = new Record(this.part(".hf-record"), facts, this.options);
		const place = this.part(".hf-questions");
		this.questions = place
			? new Questions(place, facts, (code, value) => this.change({ answers: { [code]: value } }))
			: null;
		this.questions?.fill(facts.draft.answers || {});
		this.show_identity();
		this.errors = {};
		show_state(this, facts.state);
		this.stop_listening = this.saver.listen((state, details) => this.saving(state, details));
		this.saving(this.saver.state, {});
	}

	part(selector) {
		return this.root.querySelector(selector);
	}

	is_mine() {
		return this.facts?.task.holder?.user === frappe.session.user;
	}

	// What the person does

	change(changes) {
		this.facts.draft = merged(this.facts.draft, changes);
		this.started = this.started || Date.now();
		this.saver.put(changes);
	}

	typed(input) {
		const field = input.dataset?.field;
		if (!field) return;
		const value = input.value.trim().replace(input.type === "datetime-local" ? "T" : /$^/, " ");
		this.change({ [field]: value || null });
	}

	chosen(name, value) {
		if (name === "outcome") this.choose_outcome(value);
		else if (name === "satisfaction") this.change({ satisfaction: value && Number(value) });
		else this.change({ answers: { [name]: value } });
	}

	choose_outcome(outcome) {
		this.record.choose(outcome);
		const move = this.part("[data-name=moved_away][aria-checked=true]");
		if (move && !this.record.may_tell_of_a_move) move.click(); // nobody was there to say it
	}

	ticked(name, value, checked) {
		if (name === "moved_away") {
			this.change({ moved_away: checked ? 1 : 0 });
			this.record.show();
			return;
		}
		if (name === "identity_verified") {
			this.change({ identity_verified: checked ? 1 : 0 });
			this.show_identity();
			return;
		}
		if (name === "revisit_reminded") {
			this.change({ revisit_reminded: checked ? 1 : 0 });
			return;
		}
		const others = (this.facts.draft[name] || []).filter((item) => item !== value);
		this.change({ [name]: checked ? [...others, value] : others });
	}

	clicked(event) {
		const button = event.target.closest("[data-act]");
		if (!button) return;
		const act = {
			start: () => this.start(),
			leave: () => this.leave(),
			finish: () => this.finish(),
			reload: () => this.load(),
			resend: () => this.saver.attempt(),
			dial: () => hospital_followup.ring(event, this.task, () => this.dial(button)),
			nobody: () => {
				this.keys().no_answer();
				this.to_result();
			},
			result: () => this.to_result(),
			copy: () => frappe.utils.copy_to_clipboard(button.dataset.copy),
			...revisit_acts(this),
			more: () => this.others()[Number(button.dataset.index)].run(),
		}[button.dataset.act];
		act?.();
	}

	to_result() {
		this.part(".hf-record").scrollIntoView({ block: "start" });
		this.part(".hf-record [role=radio][tabindex='0']")?.focus({ preventScroll: true });
	}

	others() {
		return actions_of(this.facts, () => {
			this.load();
			this.options.changed?.();
		});
	}

	/** Dialling a number starts the call and says whom it is with. */
	dial(link) {
		const point = link.closest("[data-point]")?.dataset.point;
		if (point && point !== (this.facts.task.contact_point || "Patient"))
			this.change({ contact_point: point });
		if (this.facts.task.may_log && !this.is_mine()) this.start();
	}

	async start() {
		if (!this.facts?.task.may_log || this.starting) return;
		this.starting = true;
		try {
			await post("start_call", { task: this.task });
			this.started = this.started || Date.now();
			await this.refresh();
			this.options.changed?.();
		} catch (error) {
			show(error);
		}
		this.starting = false;
	}

	async leave() {
		try {
			await this.saver.flush();
			await post("leave_call", { task: this.task });
			this.started = null;
			await this.load();
			this.options.changed?.();
		} catch (error) {
			show(error);
		}
	}

	finish() {
		if (this.record) this.finishing.run();
	}

	done(result) {
		this.saver.forget();
		const text = hospital_followup.result_of(result);
		if (this.options.go_on) this.options.finished(this.task, `${this.facts.task.patient_name}: ${text}`);
		else {
			frappe.show_alert({ message: esc(text), indicator: "green" }, 9);
			this.options.finished?.(this.task, text);
		}
	}

	/** What the keys do on this sheet; see keys.js. */
	keys() {
		const choose = (outcome) => {
			if (this.record?.offers(outcome)) this.chosen("outcome", outcome);
		};
		return {
			start: () => this.start(),
			finish: () => this.finish(),
			identity: () => this.part("[data-name=identity_verified]")?.click(),
			questions: () => this.facts?.draft.identity_verified && this.questions?.focus_first(),
			notes: () => this.part("[data-field=notes]")?.focus(),
			no_answer: () => choose(this.record?.offers("No Answer") ? "No Answer" : "Not Home"),
			reached: () => choose("Reached Patient"),
			digit: (digit) => this.record && choose(this.record.at_digit(digit)),
		};
	}

	// What the server says

	saving(state, details) {
		show_saving(this, state, details);
	}

	show_identity() {
		const open = Boolean(this.facts.draft.identity_verified);
		this.part(".hf-gate-open").hidden = !open;
		this.part(".hf-gate-closed").hidden = open;
	}

	show_holder() {
		this.lease.show();
	}
}

/** What of a task does not change while somebody is only on the phone. */
function fixed(task) {
	return JSON.stringify({ ...task, holder: null, priority: null });
}
