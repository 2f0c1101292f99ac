// For the desk scripts. No imports, so that eslint may live outside of this repository.
const desk = ["frappe", "__", "$", "jQuery", "cur_frm", "cur_list", "cur_page", "cur_dialog", "locals", "moment"];
const page = ["window", "document", "navigator", "location", "console", "setTimeout", "clearTimeout", "setInterval"];
const more = ["clearInterval", "fetch", "localStorage", "sessionStorage", "URL", "URLSearchParams", "FormData", "Intl"];
const browser = ["XMLHttpRequest"];
const newer = ["AbortController", "CustomEvent", "CSS", "getComputedStyle"];

// What Frappe puts on every desk page, and our own namespace.
const frappe = ["hospital_followup", "strip_html", "format_number", "format_currency", "cint", "flt", "cstr", "in_list"];

export default [
	{ ignores: ["**/node_modules/**", "**/dist/**", ".scratch/**", "frappe-bench/**", ".semgrep/**"] },
	{
		files: ["hospital_followup/**/*.js"],
		languageOptions: {
			ecmaVersion: 2022,
			sourceType: "module",
			globals: Object.fromEntries([...desk, ...page, ...more, ...newer, ...browser, ...frappe].map((name) => [name, "readonly"])),
		},
		rules: {
			"no-undef": "error",
			"no-unused-vars": ["error", { args: "none" }],
			"no-var": "error",
			"prefer-const": "error",
			eqeqeq: ["error", "always"],
			"no-console": "error",
			"no-alert": "error",
			"no-eval": "error",
			"no-implied-eval": "error",
			"no-dupe-keys": "error",
			"no-duplicate-case": "error",
			"no-unreachable": "error",
			"no-fallthrough": "error",
			"no-const-assign": "error",
			"no-self-assign": "error",
			"no-unsafe-finally": "error",
			"no-prototype-builtins": "error",
			"use-isnan": "error",
			"valid-typeof": "error",
			"no-loss-of-precision": "error",
			"no-sparse-arrays": "error",
			"no-irregular-whitespace": "error",
		},
	},
];
