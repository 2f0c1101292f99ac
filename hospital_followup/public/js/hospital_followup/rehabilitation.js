// The rehabilitation record: answers over time as charts, their target drawn and named, and the same as a table.
const FLAGS = { Red: ["red flag", "red"], Amber: ["needs attention", "orange"] };

Object.assign(hospital_followup, {
	/** Fill the tab when it is looked at: a chart needs the width of a visible place. */
	async show_rehabilitation(frm) {
		if (frm.is_new() || frm.get_active_tab()?.df.fieldname !== "rehabilitation_tab") return;
		const name = frm.doc.name;
		const record = await hospital_followup.call("desk.rehabilitation_record", { patient: name });
		if (frm.doc.name === name) draw(frm.get_field("rehabilitation").$wrapper, record);
	},
});

function draw($place, { charts, rows }) {
	$place.empty();
	if (!charts.length && !rows.length) {
		$place.append(
			`<p class="text-muted">${__(
				"Nothing yet. Numbers and choices that are answered in contacts appear here over time."
			)}</p>`
		);
		return;
	}
	for (const chart of charts) draw_chart($place, chart);
	for (const row of rows) {
		$(course(row.title, "", table([row])))
			.appendTo($place)
			.find(".hf-chart")
			.html(row.points.length > 1 ? dots(row) : "");
	}
}

function draw_chart($place, chart) {
	const esc = hospital_followup.esc;
	const targets = chart.lines
		.filter((line) => line.band)
		.map((line) => `<p class="hf-target">${esc(target_words(chart, line))}</p>`)
		.join("");
	const $course = $(course(chart.title, targets, table(chart.lines))).appendTo($place);
	// One chart has one axis of days: a day without one of its values is left to the table.
	const days = shared_days(chart.lines);
	if (days.length < 2) {
		$course.find(".hf-chart").remove();
		return;
	}
	new frappe.Chart($course.find(".hf-chart")[0], {
		type: "line",
		height: 260,
		animate: false,
		// Frappe's charts draw themselves in by swapping the drawing, which fails when the page is redrawn meanwhile.
		disableEntryAnimation: true,
		colors: ["blue", "purple", "green"],
		data: {
			labels: days.map((day) => hospital_followup.day(day.on)),
			datasets: chart.lines.map((line, place) => ({
				name: line.title,
				values: days.map((day) => day.values[place]),
			})),
			yRegions: chart.lines.filter((line) => line.band).map((line) => region(chart, line)),
		},
		lineOptions: { dotSize: 5, showDots: 1 },
		axisOptions: { xIsSeries: 1 },
		tooltipOptions: { formatTooltipY: (value) => [value, chart.unit].filter(Boolean).join(" ") },
	});
}

/** Choices over time: a row for each choice, best as the questionnaire lists them, a column for each contact. */
function dots(row) {
	const esc = hospital_followup.esc;
	const heads = row.points.map((point) => `<th>${hospital_followup.day(point.on)}</th>`).join("");
	const lines = row.choices.map((choice) => {
		const cells = row.points.map((point) => `<td>${point.shown === choice ? "●" : ""}</td>`).join("");
		return `<tr><th>${esc(choice)}</th>${cells}</tr>`;
	});
	return `<table class="hf-dots"><tbody>${lines.join("")}</tbody><tfoot><tr><th></th>${heads}</tr></tfoot></table>`;
}

function course(title, targets, tables) {
	return `<section class="hf-course"><h4>${hospital_followup.esc(title)}</h4>${targets}
		<div class="hf-course-parts"><div class="hf-chart" aria-hidden="true"></div>
		<div class="hf-scroll" tabindex="0">${tables}</div></div></section>`;
}

function target_words(chart, line) {
	return chart.lines.length > 1
		? __("Target of {0}: {1}", [line.title, line.band.words])
		: __("Target: {0}", [line.band.words]);
}

function region(chart, line) {
	const values = line.points.map((point) => point.value);
	const known = [...values, line.band.low, line.band.high].filter((value) => value !== null);
	const [least, most] = [Math.min(...known), Math.max(...known)];
	const beyond = (most - least || 1) * 0.1;
	return {
		label: __("Target: {0}", [line.band.words]),
		start: line.band.low ?? Math.max(least - beyond, line.minimum ?? -Infinity),
		end: line.band.high ?? Math.min(most + beyond, line.maximum ?? Infinity),
		options: { labelPos: "left" },
	};
}

function shared_days(lines) {
	const logs = lines.map((line) => new Map(line.points.map((point) => [point.log, point])));
	return lines[0].points
		.filter((point) => logs.every((points) => points.has(point.log)))
		.map((point) => ({
			on: point.on,
			values: logs.map((points) => points.get(point.log).value),
		}));
}

/** The same answers as text, the newest first. */
function table(lines) {
	const esc = hospital_followup.esc;
	const logs = new Map();
	lines.forEach((line, place) => {
		for (const point of line.points) {
			const row = logs.get(point.log) || { on: point.on, cells: lines.map(() => "") };
			const [words, colour] = FLAGS[point.flag] || [];
			row.cells[place] =
				esc(point.shown) + (words ? ` ${hospital_followup.pill(__(words), colour)}` : "");
			logs.set(point.log, row);
		}
	});
	const rows = [...logs.entries()].sort(([, one], [, other]) => (one.on < other.on ? 1 : -1));
	const heads = lines.map(
		(line) => `<th scope="col">${esc(lines.length > 1 ? line.title : __("Answer"))}</th>`
	);
	return `<table class="table table-sm"><thead><tr><th scope="col">${__("Date")}</th>${heads.join("")}</tr></thead>
		<tbody>${rows
			.map(
				([log, row]) =>
					`<tr><th scope="row">${hospital_followup.doc_link(
						"Follow-up Log",
						log,
						hospital_followup.day(row.on)
					)}</th>${row.cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`
			)
			.join("")}</tbody></table>`;
}
