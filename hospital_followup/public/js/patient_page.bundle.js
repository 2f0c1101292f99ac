/* The patient's own page. No library, and nothing newer than the browsers inside old chat apps understand. */

import { element, empty } from "./patient_page/dom";
import { make_draft, RETRY } from "./patient_page/draft";
import { show_open, show_saved, show_visible } from "./patient_page/marks";
import { question, satisfaction } from "./patient_page/questions";
import { offers } from "./patient_page/offers";
import { call } from "./patient_page/server";

const main = document.getElementById("page");
const help = document.getElementById("help");
const status = document.getElementById("status");

let page = null;
let words = {};
let tries = 0;
let asked_again = false;

const draft = make_draft({
	saving: function () {
		asked_again = false;
		say(words.saving);
	},
	saved: function (answer, sent) {
		if (answer.state === "gone") return draw(answer);
		show_saved(main, answer, sent);
		say(draft.is_waiting() ? words.saving : words.saved);
	},
	failed: function () {
		say(words.offline);
	},
});

function say(text) {
	status.textContent = text || "";
}

/* The whole page */

function draw(answer) {
	page = answer;
	words = answer.words;
	draft.sequence = Math.max(draft.sequence, answer.sequence || 0);
	draft.language = answer.language;
	document.documentElement.lang = answer.language;
	document.title = words.title;
	document.getElementById("hospital").textContent = answer.hospital;
	draw_languages();
	empty(main);
	const parts = answer.state === "gone" ? gone() : answer.stopped ? stopped() : open_or_answered();
	parts.forEach(function (part) {
		if (part) main.appendChild(part);
	});
	if (answer.state === "open") show_visible(main, answer.visible);
	draw_help();
	say("");
}

function draw_question(data) {
	return question(data, page.answers[data.code], words, function (value) {
		draft.remember("answers", data.code, value === "" ? null : value);
	});
}

function remember_field(name, value) {
	draft.remember("fields", name, value);
}

function gone() {
	return [element("h1", { text: words.gone }), element("p", { text: words.gone_more }), telephone()];
}

function stopped() {
	return [element("h1", { text: words.stopped }), telephone()];
}

function open_or_answered() {
	const head = [element("h1", { text: page.greeting })];
	if (page.call) {
		head.push(element("p", { class: "notice", text: page.call }));
		if (page.emergency) head.push(element("p", { class: "notice urgent", text: words.emergency }));
	}
	if (page.takes_part !== undefined)
		head.push(
			element("p", {
				class: "notice",
				text: page.takes_part ? words.programme_agreed : words.programme_declined,
			})
		);
	if (page.state === "answered")
		return head
			.concat([element("p", { text: words.thanks }), element("p", { text: words.thanks_more })])
			.concat(offered())
			.concat([telephone(), stop_button()]);
	const has_questions = page.questions.length || page.asks_satisfaction;
	if (!has_questions) return head.concat(offered()).concat([telephone(), stop_button()]);
	return head
		.concat([element("p", { text: words.intro + " " + words.private })])
		.concat(page.questions.map(draw_question))
		.concat(page.asks_satisfaction ? satisfaction(page, words, remember_field) : [])
		.concat([
			element("button", { type: "button", class: "main", id: "send", text: words.send, onclick: send }),
		])
		.concat(offered())
		.concat([stop_button()]);
}

function offered() {
	return offers(page.programmes, words, function (programme, agrees, button) {
		button.disabled = true;
		say(words.saving);
		after_saving(function () {
			const values = { programme: programme, agrees: agrees, language: page.language };
			call("answer_programme", values, show_from_top, refused(button));
		});
	});
}

/* Only when everything has arrived, because the page is drawn anew from what the server has. */
function after_saving(work) {
	if (draft.is_waiting()) {
		draft.save();
		setTimeout(after_saving, 300, work);
		return;
	}
	work();
}

function refused(button) {
	return function (code) {
		button.disabled = false;
		say(code === 429 ? words.too_many : words.error);
	};
}

function telephone() {
	if (!page.phone) return null;
	return element("a", {
		class: "call",
		href: "tel:" + page.phone.replace(/[^+\d]/g, ""),
		text: words.phone.replace("{0}", page.phone),
	});
}

function draw_languages() {
	const nav = document.getElementById("languages");
	empty(nav);
	Object.keys(page.languages).forEach(function (code) {
		nav.appendChild(
			element("button", {
				type: "button",
				lang: code,
				text: page.languages[code],
				"aria-current": code === page.language ? "true" : null,
				onclick: function () {
					switch_to(code);
				},
			})
		);
	});
}

function switch_to(code) {
	after_saving(function () {
		page.language = code;
		open(code);
	});
}

function draw_help() {
	empty(help);
	help.hidden = page.state === "gone" || Boolean(page.stopped) || Boolean(page.call);
	if (help.hidden) return;
	help.appendChild(
		element("div", {}, [
			element("button", {
				type: "button",
				class: "main",
				id: "unwell",
				text: words.unwell,
				onclick: ask,
			}),
		])
	);
}

/* What the buttons do */

/* A save that is on its way arrives first, so that nothing overtakes the final answer. */
function send() {
	const button = document.getElementById("send");
	button.disabled = true;
	say(words.saving);
	if (draft.saving) {
		setTimeout(send, 200);
		return;
	}
	draft.held = true;
	const sent = draft.take();
	call(
		"hand_in",
		{ answers: sent.answers, fields: sent.fields, anyway: asked_again, language: page.language },
		function (answer) {
			draft.held = false;
			if (answer.state !== "open") return show_from_top(answer);
			button.disabled = false;
			show_open(main, answer, words);
			asked_again = !Object.keys(answer.errors || {}).length;
			button.textContent = asked_again ? words.send_anyway : words.send;
			say(words.missing);
		},
		function (code) {
			draft.held = false;
			button.disabled = false;
			draft.give_back(sent);
			say(code === 429 ? words.too_many : code ? words.error : words.offline);
		}
	);
}

function show_from_top(answer) {
	draw(answer);
	main.focus();
	window.scrollTo(0, 0);
}

function confirm_first(place, text, yes, warning, method) {
	empty(place);
	place.appendChild(
		element("div", { role: "alertdialog", "aria-label": text }, [
			warning ? element("p", { class: "notice urgent", text: warning }) : null,
			element("p", { class: "label", text: text }),
			element("button", {
				type: "button",
				class: "main",
				text: yes,
				onclick: function (event) {
					event.target.disabled = true;
					call(method, { language: page.language }, show_from_top, refused(event.target));
				},
			}),
			element("button", {
				type: "button",
				class: "plain",
				text: words.cancel,
				onclick: function () {
					if (place === help) draw_help();
					else place.parentNode.replaceChild(stop_button(), place);
				},
			}),
		])
	);
	place.querySelector("button").focus();
}

function ask() {
	confirm_first(
		help,
		words.unwell_sure,
		words.unwell_yes,
		page.emergency ? words.emergency : null,
		"ask_for_call"
	);
}

function stop_button() {
	return element("button", {
		type: "button",
		class: "quiet",
		text: words.stop,
		onclick: function (event) {
			const place = element("div", { class: "notice" });
			event.target.parentNode.replaceChild(place, event.target);
			confirm_first(place, words.stop_sure, words.stop_yes, null, "stop_contact");
		},
	});
}

function open(language) {
	call("open_page", { language: language || null }, draw, function (code) {
		const waits = document.getElementById("waiting");
		if (waits) waits.textContent = "…";
		say(code === 429 ? "429" : "⟳");
		setTimeout(
			function () {
				open(language);
			},
			RETRY[Math.min(tries++, RETRY.length - 1)]
		);
	});
}

window.addEventListener("pageshow", function (event) {
	if (event.persisted) window.location.reload();
});
window.addEventListener("hashchange", function () {
	window.location.reload();
});
window.addEventListener("online", draft.save);
open();
