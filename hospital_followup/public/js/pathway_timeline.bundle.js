// A care pathway along a line of time: a row for each step, its windows and contacts, and the same as a table.
const LABELS = 250;
const WIDTH = 1000;
const ROW = 34;
const TOP = 30;
const RIGHT = 24;
const MARK = 6;

Object.assign(hospital_followup, {
	/** Drawing, findings and table of what `pathway_desk.draw_pathway` answers. */
	pathway_html(found) {
		const { steps, remarks } = found;
		return `<div class="hf-pathway">
			<div class="hf-problems" aria-live="polite">${findings(remarks, steps)}</div>
			${steps.length ? `<div class="hf-scroll" tabindex="0">${drawing(found)}</div>${legend(found)}` : ""}
			${steps.length ? `<div class="hf-scroll" tabindex="0">${table(found)}</div>` : ""}
			${found.reactions.length ? `<div class="hf-scroll" tabindex="0">${reactions_table(found)}</div>` : ""}
		</div>`;
	},

	/** What the check found, as lists; empty when there is nothing to say. */
	remarks_html(remarks) {
		const group = (colour, title, some) => {
			const list = some.map(({ sentence }) => `<li>${this.esc(capital(sentence))}</li>`).join("");
			return list && `<div class="hf-panel hf-${colour}"><h4>${title}</h4><ul>${list}</ul></div>`;
		};
		return (
			group(
				"red",
				`✕ ${__("To put right before it can be approved")}`,
				remarks.filter((remark) => remark.blocking)
			) +
			group(
				"orange",
				`⚠ ${__("To think over")}`,
				remarks.filter((remark) => !remark.blocking)
			)
		);
	},
});

function capital(sentence) {
	return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

function findings(remarks, steps) {
	if (remarks.length) return hospital_followup.remarks_html(remarks);
	if (!steps.length) return "";
	return `<p class="text-muted">✓ ${__("Every step can be reached, and none gets in the way of another.")}</p>`;
}

/** How bad what was found about a step is: "blocking", "doubtful" or nothing. */
function judged(row, remarks) {
	const own = remarks.filter((remark) => remark.steps.includes(row));
	if (!own.length) return "";
	return own.some((remark) => remark.blocking) ? "blocking" : "doubtful";
}

const SIGNS = { blocking: "✕", doubtful: "⚠", "": "" };

function drawing(found) {
	const { steps, remarks, anchor } = found;
	const days = steps.flatMap((step) =>
		step.contacts.flatMap((contact) => [contact.from, contact.to, contact.revisit ?? contact.due])
	);
	const scale = make_scale(Math.min(0, ...days), Math.max(1, ...days));
	const height = TOP + steps.length * ROW + 6;
	const lanes = steps.map((step, place) => lane(step, place, scale, judged(step.row, remarks)));
	const signs = steps.map((step, place) => reaction_signs(step, place, scale, found.reactions));
	return `<svg class="hf-pathway-drawing" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${__(
		"The pathway along a line of time; the table below says the same."
	)}">${axis(scale, found.awaited, height, anchor)}${lanes.join("")}${signs.join("")}</svg>`;
}

function make_scale(low, high) {
	const room = WIDTH - LABELS - RIGHT - 2 * MARK;
	return { low, high, x: (day) => LABELS + MARK + (room * (day - low)) / (high - low) };
}

/** Marks of time that leave room for their words: days, weeks of a pregnancy, months or years. */
function ticks({ low, high }, awaited) {
	const span = high - low;
	const units = awaited
		? [[7, 4, (count) => __("week {0}", [count])]]
		: [
				[1, span > 14 ? 7 : 2, (count) => __("day {0}", [count]), 45],
				[30.4375, 1, (count) => __("month {0}", [count]), 380],
				[30.4375, 6, (count) => __("month {0}", [count]), 1500],
				[365.25, 1, (count) => __("year {0}", [count]), Infinity],
			];
	const [size, every, words] = units.find(([, , , most]) => !most || span <= most);
	const step = Math.max(every, Math.ceil(span / size / every / 13) * every);
	const found = [];
	for (let count = Math.ceil(low / size / step) * step; count * size <= high; count += step) {
		if (count !== 0) found.push({ day: count * size, words: words(count) });
	}
	return found;
}

function axis(scale, awaited, height, anchor) {
	const line = (day, kind) =>
		`<line class="${kind}" x1="${fixed(scale.x(day))}" x2="${fixed(scale.x(day))}" y1="${TOP - 8}" y2="${height - 4}"/>`;
	const words = (day, text, kind) => {
		const x = scale.x(day);
		const end = x > WIDTH - 60 ? "end" : x < LABELS + 24 ? "start" : "middle";
		return `<text class="${kind}" x="${fixed(x)}" y="${TOP - 14}" text-anchor="${end}">${hospital_followup.esc(text)}</text>`;
	};
	// Room for the name of the starting point, Chinese characters being twice as wide, and half a mark's words.
	const clear = 40 + [...anchor].reduce((width, letter) => width + (letter > "\u2e7f" ? 12 : 7), 0);
	const marks = ticks(scale, awaited).map(
		({ day, words: text }) =>
			line(day, "hf-tick") +
			(Math.abs(scale.x(day) - scale.x(0)) > clear ? words(day, text, "hf-when") : "")
	);
	return marks.join("") + line(0, "hf-start") + words(0, anchor, "hf-anchor");
}

function lane(step, place, scale, verdict) {
	const esc = hospital_followup.esc;
	const y = TOP + place * ROW + ROW / 2;
	const title = `${SIGNS[verdict]} ${step.row}. ${step.title}`.trim();
	const [first, last] = [step.contacts[0], step.contacts[step.contacts.length - 1]];
	const thread =
		step.contacts.length > 1
			? `<line class="hf-thread" x1="${fixed(scale.x(first.due))}" x2="${fixed(scale.x(last.due))}" y1="${y}" y2="${y}"/>`
			: "";
	return `<g class="hf-lane ${verdict && `hf-${verdict}`}"><title>${esc(`${step.title}: ${step.when}`)}</title>
		<rect class="hf-back" x="0" y="${y - ROW / 2 + 2}" width="${WIDTH}" height="${ROW - 4}" rx="4"/>
		<text class="hf-name" x="8" y="${y + 4}">${esc(short(title))}</text>
		${thread}${step.contacts.map((contact) => mark(step, contact, y, scale)).join("")}</g>`;
}

function mark(step, { from, due, to, revisit }, y, scale) {
	const [left, right] = [scale.x(from), scale.x(to)];
	const x = fixed(scale.x(due));
	const point = step.by_doctor
		? `<rect class="hf-mark" x="${fixed(scale.x(due) - MARK)}" y="${y - MARK}" width="${2 * MARK}" height="${2 * MARK}"/>`
		: `<circle class="hf-mark" cx="${x}" cy="${y}" r="${MARK}"/>`;
	const visit = revisit === null ? "" : diamond(scale.x(revisit), y + (revisit === due ? MARK + 5 : 0));
	return `<rect class="hf-span" x="${fixed(left)}" y="${y - 4}" width="${fixed(Math.max(right - left, 2))}" height="8" rx="4"/>${visit}${point}`;
}

function diamond(x, y) {
	return `<path class="hf-visit" d="M${fixed(x)} ${y - 6}l6 6l-6 6l-6 -6z"/>`;
}

/** Effects of the reactions that may follow the contacts of a step. */
function effects_after(step, reactions) {
	const own = reactions.filter(({ step: named, rows }) => !named || rows.includes(step.row));
	return ["Sooner", "End Pathway"].filter((effect) => own.some((reaction) => reaction.effect === effect));
}

function reaction_signs(step, place, scale, reactions) {
	const y = TOP + place * ROW + ROW / 2;
	const x = scale.x(step.contacts[0].due);
	return effects_after(step, reactions)
		.map((effect, index) => reaction_sign(effect, x + index * 20, y - 11))
		.join("");
}

function reaction_sign(effect, x, y) {
	const shape = effect === "Sooner" ? "m4 -4l-4 4l4 4" : "m14 -4v8";
	return `<path class="hf-reaction" d="M${fixed(x - 7)} ${y}h14h-14${shape}"/>`;
}

/** What the shapes mean, only those that occur. */
function legend({ steps, reactions }) {
	const sample = (shape, words) =>
		`<span><svg width="26" height="16" viewBox="0 0 26 16" aria-hidden="true">${shape}</svg> ${words}</span>`;
	const parts = [
		sample(`<circle class="hf-mark" cx="13" cy="8" r="6"/>`, __("Contact", null, "Care Pathway")),
		steps.some((step) => step.by_doctor) &&
			sample(`<rect class="hf-mark" x="7" y="2" width="12" height="12"/>`, __("Contact by a doctor")),
		sample(
			`<rect class="hf-span" x="1" y="4" width="24" height="8" rx="4"/>`,
			__("Days on which it may be made")
		),
		steps.some((step) => step.revisit) && sample(diamond(13, 8), __("Visit expected")),
		has(reactions, "Sooner") &&
			sample(reaction_sign("Sooner", 13, 8), __("An answer can bring the next contact forward")),
		has(reactions, "End Pathway") &&
			sample(reaction_sign("End Pathway", 13, 8), __("An answer can end the pathway")),
	];
	return `<p class="hf-legend">${parts.filter(Boolean).join("")}</p>`;
}

function has(reactions, wanted) {
	return reactions.some(({ effect }) => effect === wanted);
}

function reactions_table({ reactions }) {
	const esc = hospital_followup.esc;
	const every = `<span class="text-muted">${__("every contact")}</span>`;
	const rows = reactions.map(({ step, condition, what, reason }) => {
		const cells = [`<code>${esc(condition)}</code>`, `<b>${esc(what)}</b>`, esc(reason)];
		return `<tr><th scope="row">${esc(step) || every}</th>${cells
			.map((cell) => `<td>${cell}</td>`)
			.join("")}</tr>`;
	});
	const heads = [
		__("After the Contact"),
		__("If the Answers Say", null, "Care Pathway Reaction"),
		__("What Follows", null, "Care Pathway Reaction"),
		__("Reason"),
	];
	return `<table class="table table-sm hf-reactions"><thead><tr>${heads
		.map((head) => `<th scope="col">${head}</th>`)
		.join("")}</tr></thead><tbody>${rows.join("")}</tbody></table>`;
}

function table({ steps, remarks }) {
	const esc = hospital_followup.esc;
	const from_tier = `<span class="text-muted">${__("as the patient's tier says")}</span>`;
	const cells = (step) => [
		`${esc(step.when)}<br><span class="text-muted">${esc(step.window)}</span>`,
		hospital_followup.list(step.topics.map(esc)),
		step.channel || step.role
			? [step.channel, step.role].filter(Boolean).map(esc).join(" · ")
			: from_tier,
		[step.script, step.questionnaire].filter(Boolean).map(esc).join("<br>") ||
			`<span class="text-muted">${__("what fits the patient")}</span>`,
		esc(step.revisit) || "–",
	];
	const rows = steps.map((step) => {
		const sign = SIGNS[judged(step.row, remarks)];
		return `<tr><th scope="row">${sign} ${step.row}. ${esc(step.title)}</th>${cells(step)
			.map((cell) => `<td>${cell}</td>`)
			.join("")}</tr>`;
	});
	const heads = [
		__("Contact", null, "Care Pathway"),
		__("When", null, "Care Pathway"),
		__("Topics"),
		__("Who and How"),
		__("Script and Questionnaire"),
		__("Visit Expected"),
	];
	return `<table class="table table-sm"><thead><tr>${heads
		.map((head) => `<th scope="col">${head}</th>`)
		.join("")}</tr></thead><tbody>${rows.join("")}</tbody></table>`;
}

/** As much of a title as the room beside the drawing holds; Chinese characters take two places. */
function short(title) {
	let room = 36;
	let cut = "";
	for (const letter of title) {
		room -= letter > "\u2e7f" ? 2 : 1;
		if (room < 0) return `${cut}…`;
		cut += letter;
	}
	return cut;
}

function fixed(number) {
	return number.toFixed(1);
}
