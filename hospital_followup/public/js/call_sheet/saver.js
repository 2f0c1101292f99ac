// Saves a call as it is being written: one request at a time, numbered, until the server has everything.
import { NetworkDown, post } from "./transport";

const DELAY = 500;
const LONGEST_WAIT = 15000;
const savers = new Map();

export class Saver {
	/** The saver of a task. It outlives the sheet: what is not saved yet is sent while the next call is open. */
	static of(task, patient_name) {
		if (!savers.has(task)) savers.set(task, new Saver(task, patient_name));
		return savers.get(task);
	}

	/** Savers that still have something to send. */
	static unsaved() {
		return [...savers.values()].filter((saver) => saver.dirty);
	}

	constructor(task, patient_name) {
		this.task = task;
		this.patient_name = patient_name;
		this.pending = {};
		this.sequence = 0;
		this.tries = 0;
		this.state = "saved";
		this.listeners = new Set();
	}

	get dirty() {
		return !is_empty(this.pending) || Boolean(this.in_flight);
	}

	/** What the server does not have yet: drawn over its draft after a reload of the sheet. */
	get unsent() {
		return merged(this.in_flight || {}, this.pending);
	}

	listen(listener) {
		this.listeners.add(listener);
		return () => this.listeners.delete(listener);
	}

	tell(state, details = {}) {
		this.state = state;
		for (const listener of this.listeners) listener(state, details);
		document.dispatchEvent(new CustomEvent("hf-saving"));
	}

	put(changes) {
		this.pending = merged(this.pending, changes);
		if (this.state !== "offline") this.tell("waiting");
		clearTimeout(this.timer);
		this.timer = setTimeout(() => this.attempt(), DELAY);
	}

	attempt() {
		return this.flush().catch(() => {});
	}

	/** Send everything now; rejects when there is no connection or the server refuses. */
	flush({ keepalive = false } = {}) {
		clearTimeout(this.timer);
		this.sending = this.sending || this.run(keepalive).finally(() => (this.sending = null));
		return this.sending;
	}

	/** A finished call needs nothing more. */
	forget() {
		clearTimeout(this.timer);
		this.pending = {};
		savers.delete(this.task);
	}

	async run(keepalive) {
		while (!is_empty(this.pending)) {
			this.in_flight = this.pending;
			this.pending = {};
			if (this.state !== "offline") this.tell("saving");
			try {
				const answer = await this.send(keepalive);
				const sent = this.in_flight;
				this.in_flight = null;
				this.tries = 0;
				this.tell(is_empty(this.pending) ? "saved" : "saving", { answer, sent });
			} catch (error) {
				this.pending = merged(this.in_flight, this.pending);
				this.in_flight = null;
				this.failed(error);
				throw error;
			}
		}
	}

	send(keepalive) {
		this.sequence += 1;
		return post(
			"save_call",
			{ task: this.task, changes: JSON.stringify(this.in_flight), sequence: this.sequence },
			{ keepalive }
		);
	}

	failed(error) {
		if (error instanceof NetworkDown) {
			this.tries += 1;
			this.timer = setTimeout(() => this.attempt(), Math.min(1000 * 2 ** this.tries, LONGEST_WAIT));
			this.tell("offline");
		} else {
			this.tell("refused", { reason: error.message, type: error.type });
		}
	}
}

/** Later changes win; answers are joined one by one. */
export function merged(earlier, later) {
	const result = { ...earlier, ...later };
	if (earlier.answers || later.answers) result.answers = { ...earlier.answers, ...later.answers };
	return result;
}

function is_empty(changes) {
	return !Object.keys(changes).length;
}

window.addEventListener("online", () => Saver.unsaved().forEach((saver) => saver.attempt()));
window.addEventListener("beforeunload", (event) => {
	const unsaved = Saver.unsaved();
	unsaved.forEach((saver) => saver.flush({ keepalive: true }).catch(() => {}));
	if (unsaved.length) event.preventDefault();
});
