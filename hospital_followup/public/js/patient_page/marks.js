/* What stands on the questions that are drawn already: which are asked, missing or wrong. */

function each_question(main, work) {
	Array.prototype.forEach.call(main.querySelectorAll("[data-code]"), function (box) {
		work(box, box.getAttribute("data-code"));
	});
}

export function show_visible(main, visible) {
	each_question(main, function (box, code) {
		box.hidden = visible.indexOf(code) < 0;
	});
}

export function say_wrong(main, code, text) {
	const place = document.getElementById("wrong-" + code);
	if (!place) return;
	place.textContent = text || "";
	const input = main.querySelector("[name='" + code + "']");
	if (input) input.setAttribute("aria-invalid", text ? "true" : "false");
	if (!text) document.getElementById("box-" + code).classList.remove("missing");
}

/* After a save: errors of what was sent, and nothing where an error was put right. */
export function show_saved(main, answer, sent) {
	show_visible(main, answer.visible);
	["answers", "fields"].forEach(function (kind) {
		Object.keys(sent[kind]).forEach(function (code) {
			say_wrong(main, code, (answer.errors || {})[code]);
		});
	});
}

/* After a hand-in that is not complete: mark what is open and lead the patient to the first of it. */
export function show_open(main, answer, words) {
	const errors = answer.errors || {};
	show_visible(main, answer.visible);
	Object.keys(errors).forEach(function (code) {
		say_wrong(main, code, errors[code]);
	});
	(answer.missing || []).forEach(function (code) {
		say_wrong(main, code, words.answer);
	});
	const open = (answer.missing || []).concat(Object.keys(errors));
	each_question(main, function (node, code) {
		node.classList.toggle("missing", open.indexOf(code) >= 0);
	});
	const first = main.querySelector(".missing, [aria-invalid='true']");
	if (!first) return;
	first.scrollIntoView({ block: "center" });
	const input = first.querySelector("input, textarea");
	if (input) input.focus();
}
