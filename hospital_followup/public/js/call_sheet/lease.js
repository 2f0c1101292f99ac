// Who holds the patient: the line that counts down, the lock on everybody else's sheet, the extension while one works.
import { holder_line } from "./header";
import { minutes_until } from "./html";
import { post } from "./transport";

const HEARTBEAT = 15000;
const EXTEND_BELOW = 10;

/** Whether somebody else holds the patient. */
export function taken({ holder }) {
	return Boolean(holder && holder.user !== frappe.session.user);
}

export class Lease {
	constructor(sheet) {
		this.sheet = sheet;
		for (const kind of ["pointerdown", "keydown"]) {
			sheet.root.addEventListener(kind, () => (this.active = true));
		}
		setInterval(() => this.beat(), HEARTBEAT);
	}

	show() {
		const { sheet } = this;
		const { task } = sheet.facts;
		const mine = sheet.is_mine();
		sheet.part(".hf-holder").innerHTML = holder_line(task, mine ? sheet.started : null);
		const lock = sheet.part(".hf-lock");
		if (!lock) return;
		lock.disabled = taken(task) || Boolean(task.on_hold);
		sheet.part("[data-act=start]").hidden = mine;
		sheet.part("[data-act=start]").disabled = lock.disabled;
		sheet.part("[data-act=leave]").hidden = !mine;
	}

	/** Counts down, and extends the hold while the person is at work on the sheet. */
	beat() {
		const { sheet } = this;
		if (!sheet.facts || !sheet.root.isConnected) return;
		this.show();
		const { holder } = sheet.facts.task;
		if (!sheet.is_mine() || !this.active || minutes_until(holder.until) > EXTEND_BELOW) return;
		this.active = false;
		post("start_call", { task: sheet.task })
			.then(() => sheet.refresh())
			.catch(() => {}); // the next beat tries again; the line shows that the time runs out
	}
}
