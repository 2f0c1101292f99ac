// Writing texts with placeholders: a menu that opens at `{{`, by keyboard or mouse, also in the middle of Chinese typing.
import { caret_place } from "./template_editor/caret";

const OPENED = /(\{\{|｛｛)\s*([^\s{}｛｝|]*)$/;
const IN_CONDITION = /\{%-?\s*(?:if|elif)\s(?:[^%]*\s)?([^\s%{}()]*)$/;
const SHOWN = 8;
let count = 0;

class PlaceholderMenu {
	/** `items()` gives what may be inserted here: `{name, meaning, example, kind, is_health}`. */
	constructor(textarea, items) {
		this.textarea = textarea;
		this.items = items;
		this.id = `hf-menu-${(count += 1)}`;
		this.list = document.createElement("ul");
		Object.assign(this.list, { id: this.id, className: "hf-placeholder-menu", hidden: true });
		this.list.setAttribute("role", "listbox");
		this.list.setAttribute("aria-label", __("Placeholders"));
		textarea.parentElement.classList.add("hf-placeholder-host");
		textarea.after(this.list);
		for (const [name, value] of Object.entries({ autocomplete: "list", haspopup: "listbox" })) {
			textarea.setAttribute(`aria-${name}`, value);
		}
		textarea.setAttribute("aria-controls", this.id);
		this.listen();
	}

	get is_open() {
		return !this.list.hidden;
	}

	listen() {
		// While an input method composes, the text in the field is not yet the person's: compositionend comes after it.
		this.textarea.addEventListener("input", (event) => event.isComposing || this.look());
		this.textarea.addEventListener("compositionend", () => this.look());
		this.textarea.addEventListener("keydown", (event) => this.key(event), true);
		this.textarea.addEventListener("blur", () => this.close());
		this.textarea.addEventListener("click", () => this.close());
		this.list.addEventListener("mousedown", (event) => {
			event.preventDefault(); // the cursor stays in the text
			const option = event.target.closest("[role=option]");
			if (option) this.accept(Number(option.dataset.index));
		});
	}

	/** Open, narrow or close the menu by what stands before the cursor. */
	look() {
		const { selectionStart, selectionEnd, value } = this.textarea;
		const before = value.slice(0, selectionStart);
		const opened = before.match(OPENED);
		const condition = opened ? null : before.match(IN_CONDITION);
		if (selectionStart !== selectionEnd || !(opened || condition)) return this.close();
		const typed = opened ? opened[2] : condition[1];
		this.place = {
			from: opened ? opened.index : selectionStart - typed.length,
			to: selectionStart,
			condition: Boolean(condition),
		};
		const wanted = typed.toLowerCase();
		const fits = (item) => item.name.includes(wanted) || item.meaning.toLowerCase().includes(wanted);
		this.matches = this.items().filter(fits);
		// A name that is complete, or nothing to offer: let the person go on writing.
		if (!this.matches.length || this.matches.some((item) => item.name === typed)) return this.close();
		this.open();
	}

	open() {
		this.list.innerHTML = this.matches
			.map(
				(item, index) => `<li role="option" id="${this.id}-${index}" data-index="${index}">
				<code>${item.name}</code> <span>${hospital_followup.esc(item.meaning)}</span></li>`
			)
			.join("");
		const { left, top } = caret_place(this.textarea, this.place.to);
		this.list.style.insetInlineStart = `${left}px`;
		this.list.style.top = `${top}px`;
		this.list.style.setProperty("--hf-rows", SHOWN);
		this.list.hidden = false;
		this.choose(0);
	}

	close() {
		this.list.hidden = true;
		this.textarea.removeAttribute("aria-activedescendant");
	}

	choose(index) {
		this.chosen = (index + this.matches.length) % this.matches.length;
		for (const option of this.list.children) {
			option.setAttribute("aria-selected", String(Number(option.dataset.index) === this.chosen));
		}
		this.list.children[this.chosen].scrollIntoView({ block: "nearest" });
		this.textarea.setAttribute("aria-activedescendant", `${this.id}-${this.chosen}`);
	}

	key(event) {
		// Every key belongs to an input method that is composing.
		if (!this.is_open || event.isComposing || event.keyCode === 229) return;
		const action = {
			ArrowDown: () => this.choose(this.chosen + 1),
			ArrowUp: () => this.choose(this.chosen - 1),
			Enter: () => this.accept(this.chosen),
			Tab: () => this.accept(this.chosen),
			Escape: () => this.close(),
		}[event.key];
		if (!action || event.ctrlKey || event.metaKey || event.altKey) return;
		event.preventDefault();
		event.stopImmediatePropagation();
		action();
	}

	accept(index) {
		const { from, to, condition } = this.place;
		insert(this.textarea, this.matches[index], { from, to, condition });
		this.close();
	}
}

/** Put a placeholder between `from` and `to`; a yes or no becomes a condition around the cursor. */
function insert(textarea, item, { from, to, condition = false }) {
	const after = textarea.value.slice(to);
	let text = `{{ ${item.name} }}`;
	let cursor = text.length;
	if (condition) {
		text = item.name;
		cursor = text.length;
	} else if (item.kind === "flag") {
		const start = `{% if ${item.name} %}`;
		text = `${start}{% endif %}`;
		cursor = start.length;
	}
	const closed = condition ? null : after.match(/^\s*(?:\}\}|｝｝)/);
	textarea.focus();
	textarea.setSelectionRange(from, to + (closed ? closed[0].length : 0));
	// The one way that keeps the browser's own undo; a browser without it gets the text all the same.
	if (!document.execCommand("insertText", false, text)) {
		textarea.setRangeText(text, textarea.selectionStart, textarea.selectionEnd, "end");
	}
	textarea.setSelectionRange(from + cursor, from + cursor);
	$(textarea).trigger("change");
}

Object.assign(hospital_followup, {
	/** Complete placeholders in a text area; see PlaceholderMenu. Doing it twice does it once. */
	complete_placeholders(textarea, items) {
		textarea.hf_menu = textarea.hf_menu || new PlaceholderMenu(textarea, items);
		return textarea.hf_menu;
	},

	/** Put a placeholder where the cursor stands, or stood last. */
	insert_placeholder(textarea, item) {
		insert(textarea, item, { from: textarea.selectionStart, to: textarea.selectionEnd });
	},
});
