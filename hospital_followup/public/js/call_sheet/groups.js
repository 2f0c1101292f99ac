// Buttons of which one, or any, is chosen. Buttons and no inputs: after a click the shortcuts still work.
import { esc } from "./html";

/** One of several. `options`: [{value, label, key, hint}]; choosing the chosen one again takes it back. */
export function radio_group({ id, name, label, labelled_by, options, value, kind = "", described_by = "" }) {
	const chosen = options.some((option) => same(option.value, value));
	const buttons = options.map((option, index) => {
		const checked = same(option.value, value);
		const key = option.key ? ` <kbd aria-hidden="true">${esc(option.key)}</kbd>` : "";
		return `<button type="button" role="radio" class="hf-option" aria-checked="${checked}"
			tabindex="${checked || (!chosen && !index) ? 0 : -1}" data-value="${esc(option.value)}"
			>${esc(option.label)}${key}</button>`;
	});
	const name_of = labelled_by ? `aria-labelledby="${labelled_by}"` : `aria-label="${esc(label)}"`;
	return `<div role="radiogroup" id="${id}" class="hf-group ${kind}" data-name="${esc(name)}" ${name_of}
		${described_by ? `aria-describedby="${described_by}"` : ""}>${buttons.join("")}</div>`;
}

/** Something to tick. */
export function tick({ name, value, label, checked, kind = "" }) {
	return `<button type="button" role="checkbox" class="hf-tick ${kind}" aria-checked="${Boolean(checked)}"
		data-name="${esc(name)}" data-value="${esc(value ?? "")}"><span class="hf-box" aria-hidden="true"></span>
		<span>${esc(label)}</span></button>`;
}

/** Set which option is chosen, without telling anybody. */
export function choose(group, value) {
	const options = [...group.querySelectorAll("[role=radio]")];
	const chosen = options.find((option) => same(option.dataset.value, value));
	for (const option of options) {
		option.setAttribute("aria-checked", String(option === chosen));
		option.tabIndex = option === (chosen || options[0]) ? 0 : -1;
	}
}

/** Listen for choices below `root`: `chosen({name, value})` with null when it was taken back, `ticked({…, checked})`. */
export function listen(root, { chosen, ticked }) {
	root.addEventListener("click", (event) => {
		const option = event.target.closest("[role=radio], [role=checkbox]");
		if (!option || !root.contains(option)) return;
		if (option.getAttribute("role") === "checkbox") {
			const checked = option.getAttribute("aria-checked") !== "true";
			option.setAttribute("aria-checked", String(checked));
			ticked({ name: option.dataset.name, value: option.dataset.value, checked });
			return;
		}
		const taken_back = option.getAttribute("aria-checked") === "true";
		pick(option, taken_back ? null : option.dataset.value, chosen);
	});
	root.addEventListener("keydown", (event) => {
		const option = event.target.closest("[role=radio]");
		const target = option && neighbour(option, event.code);
		if (!target || event.ctrlKey || event.metaKey || event.altKey) return;
		event.preventDefault();
		target.focus();
		pick(target, target.dataset.value, chosen);
	});
}

function pick(option, value, chosen) {
	const group = option.closest("[role=radiogroup]");
	choose(group, value);
	chosen({ name: group.dataset.name, value });
}

function neighbour(option, code) {
	const options = [...option.closest("[role=radiogroup]").querySelectorAll("[role=radio]")];
	const index = options.indexOf(option);
	const last = options.length - 1;
	const rtl = getComputedStyle(option).direction === "rtl";
	const forward = ["ArrowDown", rtl ? "ArrowLeft" : "ArrowRight"];
	const back = ["ArrowUp", rtl ? "ArrowRight" : "ArrowLeft"];
	if (forward.includes(code)) return options[index === last ? 0 : index + 1];
	if (back.includes(code)) return options[index === 0 ? last : index - 1];
	return { Home: options[0], End: options[last] }[code];
}

function same(one, other) {
	return other !== null && other !== undefined && String(one) === String(other);
}
