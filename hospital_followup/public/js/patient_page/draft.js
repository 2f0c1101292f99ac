/* What is entered goes to the server at once; what could not go is kept and sent again with the next. */

import { call } from "./server";

const PAUSE = 500;
export const RETRY = [1000, 3000, 8000, 20000];

function nothing() {
	return { answers: {}, fields: {} };
}

function size(values) {
	return Object.keys(values.answers).length + Object.keys(values.fields).length;
}

/* `shown`: what the page shows while it waits (saving), has saved (saved, with the answer) or could not (failed). */
export function make_draft(shown) {
	let waiting = nothing();
	let timer = null;
	let tries = 0;
	const draft = { sequence: 0, language: null, saving: false, held: false };

	draft.remember = function (kind, key, value) {
		waiting[kind][key] = value;
		clearTimeout(timer);
		timer = setTimeout(draft.save, PAUSE);
		shown.saving();
	};
	draft.is_waiting = function () {
		return draft.saving || size(waiting) > 0;
	};
	/* Everything that the server has not got yet; it is the taker's to send now. */
	draft.take = function () {
		clearTimeout(timer);
		const taken = waiting;
		waiting = nothing();
		return taken;
	};
	/* What did not arrive waits again, unless it was entered anew meanwhile. */
	draft.give_back = function (taken) {
		["answers", "fields"].forEach(function (kind) {
			Object.keys(taken[kind]).forEach(function (key) {
				if (!(key in waiting[kind])) waiting[kind][key] = taken[kind][key];
			});
		});
	};
	draft.save = function () {
		if (draft.saving || draft.held || !size(waiting)) return;
		draft.saving = true;
		draft.sequence += 1;
		const sent = draft.take();
		const values = { answers: sent.answers, fields: sent.fields };
		values.sequence = draft.sequence;
		values.language = draft.language;
		call(
			"save_page",
			values,
			function (answer) {
				draft.saving = false;
				tries = 0;
				shown.saved(answer, sent);
				draft.save();
			},
			function () {
				draft.saving = false;
				draft.give_back(sent);
				shown.failed();
				clearTimeout(timer);
				timer = setTimeout(draft.save, RETRY[Math.min(tries, RETRY.length - 1)]);
				tries += 1;
			}
		);
	};
	return draft;
}
