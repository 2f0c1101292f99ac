// Ending a call: everything is saved first, and an answer that got lost on the way never counts twice.
import { NetworkDown, post, show, sentence } from "./transport";

export class Finishing {
	constructor(sheet) {
		this.sheet = sheet;
		this.busy = false;
		this.unsure = false; // a request went out and nobody knows whether it arrived
	}

	async run() {
		const { sheet } = this;
		if (this.busy) return;
		const problem = sheet.record.problem() || unreadable(sheet);
		if (problem) {
			sheet.record.say(problem.message);
			problem.element?.focus();
			return;
		}
		this.busy = true;
		sheet.record.say("");
		const button = sheet.part("[data-act=finish]");
		button.disabled = true;
		try {
			sheet.done(await this.send());
		} catch (error) {
			if (error instanceof NetworkDown) sheet.record.say(sentence(error));
			else show(error);
		}
		button.disabled = false;
		this.busy = false;
	}

	async send() {
		const { task, saver, record, direction, facts } = this.sheet;
		if (this.unsure) {
			const now = await post("call_sheet", { task });
			if (now.task.attempts > facts.task.attempts || !now.task.may_log) return now.task;
			this.unsure = false;
		}
		await saver.flush();
		try {
			return await post("finish_call", {
				task,
				...record.values(),
				...(direction ? { direction } : {}),
			});
		} catch (error) {
			this.unsure = error instanceof NetworkDown;
			throw error;
		}
	}
}

function unreadable(sheet) {
	const element = [...sheet.root.querySelectorAll("[aria-invalid=true]")].find(
		(input) => input.offsetParent !== null
	);
	return element ? { message: __("One answer could not be read. Correct it first."), element } : null;
}
