/* Programmes that wait for the patient's word: what it means, yes, or no thanks. */

import { element } from "./dom";

export function offers(programmes, words, answered) {
	return programmes.map(function (programme) {
		return offer(programme, words, answered);
	});
}

function offer(programme, words, answered) {
	function button(text, kind, agrees) {
		return element("button", {
			type: "button",
			class: kind,
			text: text,
			onclick: function (event) {
				answered(programme.programme, agrees, event.target);
			},
		});
	}
	return element("section", { class: "notice offer" }, [
		element("h2", { text: words.programme }),
		element("p", { text: programme.text }),
		element("p", { class: "hint", text: words.programme_free }),
		button(words.programme_yes, "main", true),
		button(words.programme_no, "plain", false),
	]);
}
