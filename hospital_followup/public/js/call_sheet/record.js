// How the call ended: outcome, notes, the next attempt, and the button that goes on to the next patient.
import { choose, radio_group, tick } from "./groups";
import { esc, unique } from "./html";

const RETRY = ["No Answer", "Busy", "Voicemail", "Not Home"];
const PROMISE = ["Callback Requested", "Rescheduled"];
const GROUPS = {
	reached: () => __("Reached"),
	again: () => __("Not reached, or another time"),
	number: () => __("Number of no use"),
	ended: () => __("No further contact"),
};
const TOLD = ["Reached Patient", "Reached Caregiver", ...PROMISE, "Declined", "Replied"];
const NOBODY = [...RETRY, "Wrong Number", "Out of Service"];
const REACHED = ["Reached Patient", "Reached Caregiver"];

export class Record {
	/** `go_on`: whether the finish button leads to a next patient. */
	constructor(root, facts, { go_on }) {
		this.root = root;
		this.facts = facts;
		this.outcome = null;
		this.root.innerHTML = record_html(facts, go_on);
		this.show();
	}

	field(name) {
		return this.root.querySelector(`[data-part=${name}]`);
	}

	choose(outcome) {
		this.outcome = outcome;
		this.say("");
		for (const group of this.root.querySelectorAll(".hf-outcome-group [role=radiogroup]")) {
			choose(group, outcome);
		}
		this.show();
	}

	/** The outcome behind a digit of the keyboard. */
	at_digit(digit) {
		return this.facts.outcomes.find((row) => String(row.digit) === digit)?.outcome;
	}

	offers(outcome) {
		return this.facts.outcomes.some((row) => row.outcome === outcome);
	}

	get reached() {
		return REACHED.includes(this.outcome);
	}

	show() {
		const { outcome } = this;
		const effect = this.root.querySelector(".hf-effect");
		const moved = this.may_tell_of_a_move && this.facts.draft.moved_away;
		effect.textContent = moved
			? __("Every plan of the patient stops; one click takes it back.")
			: outcome && hospital_followup.effect_of(outcome);
		effect.classList.toggle("hf-grave", Boolean(moved) || ["Deceased", "Readmitted"].includes(outcome));
		this.field("again").hidden = !RETRY.includes(outcome) && !PROMISE.includes(outcome);
		this.field("again").querySelector("span").hidden = !PROMISE.includes(outcome);
		this.field("moved").hidden = !this.may_tell_of_a_move;
		this.field("why").hidden = !this.incomplete;
		this.field("why").querySelector("ul").hidden = !this.reached;
	}

	/** Whether somebody was there who can have said that the patient went to another hospital. */
	get may_tell_of_a_move() {
		return TOLD.includes(this.outcome);
	}

	/** Beside the button: what keeps the call from being finished. */
	say(message) {
		this.root.querySelector(".hf-wrong").textContent = message;
	}

	/** What has to be asked and was not yet; `words` are the questions. */
	asked(codes, words) {
		this.not_asked = codes;
		this.root.querySelector("[data-part=why] ul").innerHTML = words
			.map((text) => `<li>${esc(text)}</li>`)
			.join("");
		this.show();
	}

	/** Why a reason is needed, or null: questions left open, or answers although nobody was reached. */
	get incomplete() {
		const { answers = {}, guidance = [], moved_away } = this.facts.draft;
		if (this.reached && this.not_asked?.length && !moved_away) {
			return __("Some questions were not asked. Say why in a few words.");
		}
		const given = guidance.length || Object.values(answers).some((value) => value !== null);
		return NOBODY.includes(this.outcome) && given
			? __("Answers or advice are noted although nobody was reached. Say why in a few words.")
			: null;
	}

	/** What keeps the call from being finished: the words and where to look, or null. */
	problem() {
		if (!this.outcome) {
			const first = this.root.querySelector(".hf-outcome-group [role=radio]");
			return { message: __("Choose how the contact ended."), element: first };
		}
		const again = this.field("again").querySelector("input");
		if (PROMISE.includes(this.outcome) && !again.value) {
			return { message: __("When shall the patient be called again?"), element: again };
		}
		const why = this.field("why").querySelector("input");
		if (this.incomplete && !why.value.trim()) {
			return { message: this.incomplete, element: why };
		}
		return null;
	}

	values() {
		const again = this.field("again");
		const at = again.hidden ? "" : again.querySelector("input").value;
		const why = this.incomplete ? this.field("why").querySelector("input").value.trim() : "";
		return {
			outcome: this.outcome,
			...(at ? { next_attempt_at: `${at.replace("T", " ")}:00` } : {}),
			...(why ? { incomplete_reason: why } : {}),
		};
	}
}

function record_html(facts, go_on) {
	const { draft } = facts;
	const again = unique("again");
	const why = unique("why");
	return `<h4>${__("Result of the call")}</h4>
		${outcomes(facts.outcomes)}
		<p class="hf-effect" role="status"></p>
		<div data-part="moved" hidden>${tick({
			name: "moved_away",
			label: __("Moved to Another Hospital"),
			checked: draft.moved_away,
		})}</div>
		<div data-part="again" hidden><label for="${again}">${__("Call Again At")} <span class="hf-required">*</span></label>
			<input type="datetime-local" id="${again}" class="form-control" data-field="callback_at" value="${esc(
				String(draft.callback_at || "")
					.slice(0, 16)
					.replace(" ", "T")
			)}"><p class="hf-q-error" role="alert"></p></div>
		<div data-part="why" hidden class="hf-note"><label for="${why}">${__("Why Incomplete")}</label>
			<ul></ul><input id="${why}" class="form-control" data-field="incomplete_reason" maxlength="140"
			autocomplete="off" value="${esc(draft.incomplete_reason || "")}"><p class="hf-q-error" role="alert"></p></div>
		${text("notes", __("Notes"), draft.notes, 3)}
		<details class="hf-more" ${more_is_used(draft) ? "open" : ""}><summary>${__(
			"Topics, satisfaction, next step"
		)}</summary>
			${topics(facts)}
			${satisfaction(draft)}
			${text("patient_feedback", __("What the Patient Said"), draft.patient_feedback, 2)}
			${text("next_step", __("Next Step"), draft.next_step, 2)}
		</details>
		<div class="hf-finish"><p class="hf-wrong" role="alert"></p><p class="hf-saving" role="status"></p>
			<button type="button" class="btn btn-primary" data-act="finish">${
				go_on ? __("Finish and Next") : __("Finish")
			} <kbd aria-hidden="true">Ctrl ↵</kbd></button>
			<button type="button" class="btn btn-default" data-act="leave" hidden>${__("Leave for Now")}</button>
		</div>`;
}

function outcomes(rows) {
	const groups = new Map();
	for (const row of rows) {
		groups.set(row.group, [
			...(groups.get(row.group) || []),
			{ value: row.outcome, label: row.label, key: row.digit },
		]);
	}
	const html = [...groups].map(([group, options]) => {
		const id = unique("outcome");
		return `<div class="hf-outcome-group"><span class="text-muted" id="${id}-label">${GROUPS[group]?.() || esc(group)}</span>
			${radio_group({ id, name: "outcome", labelled_by: `${id}-label`, options, kind: "hf-stack" })}</div>`;
	});
	return `<div class="hf-all-outcomes" role="group" aria-label="${__("Outcome")}">${html.join("")}</div>`;
}

function text(field, label, value, rows) {
	const id = unique(field);
	return `<div><label for="${id}">${label}</label><textarea id="${id}" class="form-control" rows="${rows}"
		data-field="${field}">${esc(value || "")}</textarea><p class="hf-q-error" role="alert"></p></div>`;
}

function topics({ task, draft }) {
	if (!task.topics?.length) return "";
	const items = task.topics.map((topic) =>
		tick({
			name: "topics_covered",
			value: topic,
			label: __(topic),
			checked: (draft.topics_covered || []).includes(topic),
		})
	);
	return `<div role="group" aria-label="${__("Topics Covered")}"><label>${__(
		"Topics Covered"
	)}</label><div class="hf-ticks">${items.join("")}</div></div>`;
}

function satisfaction(draft) {
	const id = unique("satisfaction");
	const options = [1, 2, 3, 4, 5].map((score) => ({ value: String(score), label: String(score) }));
	return `<div><label id="${id}-label">${__("Satisfaction (1-5)")}</label>${radio_group({
		id,
		name: "satisfaction",
		labelled_by: `${id}-label`,
		options,
		value: draft.satisfaction,
		kind: "hf-scale",
	})}</div>`;
}

function more_is_used(draft) {
	return Boolean(
		draft.topics_covered?.length || draft.satisfaction || draft.patient_feedback || draft.next_step
	);
}
