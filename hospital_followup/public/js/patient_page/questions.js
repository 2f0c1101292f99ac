/* The questions as fieldsets with large targets; what is chosen is never told by colour alone. */

import { element } from "./dom";

function box(data, input, words, is_question) {
	const code = data.code;
	const name = data.text + (data.required ? "" : " (" + words.optional + ")");
	return element(
		"fieldset",
		{ id: "box-" + code, "data-code": is_question ? code : null, "aria-describedby": "wrong-" + code },
		[
			element("legend", { text: name }),
			data.hint ? element("p", { class: "hint", text: data.hint }) : null,
			input,
			element("p", { id: "wrong-" + code, class: "wrong", role: "alert" }),
		]
	);
}

function choices(code, options, chosen, is_list, changed, ends) {
	const row = element("div", { class: is_list ? "choices list" : "choices" });
	options.forEach(function (option) {
		const on = String(option.value) === String(chosen);
		const input = element("input", { type: "radio", name: code, value: option.value });
		input.checked = on;
		const label = element("label", { class: on ? "on" : "" }, [
			input,
			element("span", { text: option.label }),
		]);
		input.onchange = function () {
			Array.prototype.forEach.call(row.children, function (other) {
				other.classList.toggle("on", other.firstChild.checked);
			});
			changed(option.value);
		};
		row.appendChild(label);
	});
	if (!ends) return row;
	return element("div", {}, [
		row,
		element("div", { class: "ends" }, [
			element("span", { text: ends[0] }),
			element("span", { text: ends[1] }),
		]),
	]);
}

export function question(data, given, words, changed) {
	const code = data.code;
	let input;
	if (data.answer_type === "Yes/No") {
		input = choices(
			code,
			[
				{ value: "Yes", label: words.yes },
				{ value: "No", label: words.no },
			],
			given,
			false,
			changed
		);
	} else if (data.answer_type === "Choice") {
		input = choices(code, data.choices, given, true, changed);
	} else if (data.answer_type === "Scale") {
		input = choices(code, numbers(data.minimum, data.maximum), given, false, changed);
	} else {
		input = typed(code, given, data.answer_type === "Number", data.unit, changed, data.text);
	}
	return box(data, input, words, true);
}

function typed(code, given, is_number, unit, changed, label) {
	const input = element(is_number ? "input" : "textarea", {
		name: code,
		type: is_number ? "text" : null,
		inputmode: is_number ? "decimal" : null,
		rows: is_number ? null : 3,
		maxlength: is_number ? 20 : 1000,
		autocomplete: "off",
		"aria-label": label,
	});
	input.value = given === undefined || given === null ? "" : given;
	input.oninput = function () {
		changed(input.value);
	};
	if (!is_number) return input;
	return element("div", { class: "number" }, [input, unit ? element("span", { text: unit }) : null]);
}

function numbers(from, to) {
	const found = [];
	for (let value = from; value <= to; value += 1) found.push({ value: value, label: String(value) });
	return found;
}

/* How it was: 1-5, 0-10, and in the patient's own words. */
export function satisfaction(page, words, changed) {
	function field(name) {
		return function (value) {
			changed(name, value);
		};
	}
	const scales = [
		["satisfaction", 1, 5, words.satisfaction_low, words.satisfaction_high],
		["recommend", 0, 10, words.recommend_low, words.recommend_high],
	];
	const boxes = scales.map(function (scale) {
		const name = scale[0];
		const input = choices(
			name,
			numbers(scale[1], scale[2]),
			page[name],
			false,
			field(name),
			scale.slice(3)
		);
		return box({ code: name, text: words[name] }, input, words, false);
	});
	const comment = typed("comment", page.comment, false, null, field("comment"), words.comment);
	const told = element("div", {}, [comment, tick("complaint", page.complaint, words, field("complaint"))]);
	return boxes.concat([box({ code: "comment", text: words.comment }, told, words, false)]);
}

function tick(name, on, words, changed) {
	const input = element("input", { type: "checkbox", name: name });
	input.checked = Boolean(on);
	input.onchange = function () {
		changed(input.checked);
	};
	return element("label", { class: "tick" }, [input, element("span", { text: words[name] })]);
}
