// The components of docs/components.md on one page: at three widths, light and dark, with and without script, no finding of
// axe (WCAG 2.2 AA), nothing wider than the window, nothing said on the console under our Content-Security-Policy; and the
// page is valid HTML. components.mjs BUILD TOOLS, where TOOLS has the node_modules of the package.json beside this; pictures
// go to BUILD/tests/components/.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { basename, resolve } from "node:path";

const [build, tools] = process.argv.slice(2).map((path) => resolve(path));
const require = createRequire(`${tools}/package.json`);
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const out = `${build}/tests/components`;
mkdirSync(out, { recursive: true });

const policy = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; " +
	"connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
const types = { css: "text/css", js: "text/javascript", svg: "image/svg+xml", woff2: "font/woff2" };

/* The page: the shell, the notice in its place, every other block in main. */
function pageOf(markdown) {
	let shell = "", notice = "", body = "";
	for (const part of markdown.matchAll(/^```html ?(.*)\n([^]*?)\n```$/gm)) {
		const [, kind, html] = part;
		if (kind === "shell") shell = html;
		else if (kind === "shell-notice") notice = html;
		else body += `<section class="kb-flow">${html}</section>\n`;
	}
	return shell.replace("<main", `${notice}\n<main`).replace(/(<main[^>]*>\s*<div[^>]*>)/, `$1\n${body}`);
}
const page = pageOf(readFileSync("docs/components.md", "utf8"));
writeFileSync(`${out}/components.html`, page);

/* Agencies' colours as a run-time style sheet would give them: a red and a yellow house. */
const brands = {
	own: "",
	red: ":root{--kb-header:#b3122f;--kb-header-text:#ffffff;--kb-brand-light:#a5102b;--kb-brand-dark:#f2a3ae}",
	yellow: ":root{--kb-header:#ffd54a;--kb-header-text:#000000;--kb-brand-light:#6d5a12;--kb-brand-dark:#ffd54a}",
};
let brand = "own";
const server = createServer((request, response) => {
	const path = new URL(request.url, "http://here").pathname;
	const send = (type, body) => {
		response.setHeader("Content-Type", type);
		response.setHeader("Content-Security-Policy", policy);
		response.end(body);
	};
	if (path === "/") send("text/html; charset=utf-8", page);
	else if (path === "/brand.css") send("text/css", brands[brand]);
	else if (path.startsWith("/assets/"))
		send(types[path.split(".").pop()], readFileSync(`${build}/gen/assets/${basename(path)}`));
	else send("text/plain", path);
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const url = `http://127.0.0.1:${server.address().port}/`;

let passed = 0, failed = 0;
function check(name, findings) {
	if (!findings.length) passed++;
	else {
		failed++;
		console.log(`${name}:\n\t${findings.join("\n\t")}`);
	}
}

const browser = await chromium.launch({
	executablePath: "/usr/bin/chromium",
	args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
		"--disable-component-update", "--disable-sync"],
});
const looks = [];
for (const colorScheme of ["light", "dark"])
	for (const width of [1280, 390, 320]) looks.push({ colorScheme, width, brand: "own", script: true });
looks.push({ colorScheme: "light", width: 1280, brand: "own", script: false });
for (const name of ["red", "yellow"])
	for (const colorScheme of ["light", "dark"]) looks.push({ colorScheme, width: 1280, brand: name, script: true });
for (const look of looks) {
	const name = `${look.brand}-${look.colorScheme}-${look.width}${look.script ? "" : "-no-script"}`;
	brand = look.brand;
	const context = await browser.newContext({
		viewport: { width: look.width, height: 900 }, colorScheme: look.colorScheme, javaScriptEnabled: look.script,
		reducedMotion: "reduce",
	});
	const tab = await context.newPage();
	const said = [];
	tab.on("console", (message) => said.push(message.text()));
	tab.on("pageerror", (error) => said.push(String(error)));
	await tab.goto(url, { waitUntil: "networkidle" });
	await tab.screenshot({ path: `${out}/${name}.png`, fullPage: true });
	check(`${name}: console`, said);
	if (look.script) {
		await tab.evaluate(axe);
		const result = await tab.evaluate(() => window.axe.run({
			runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
			rules: { "heading-order": { enabled: false }, "page-has-heading-one": { enabled: false } },
		}));
		check(`${name}: axe`, result.violations.flatMap((finding) => finding.nodes.map(
			(node) => `${finding.id}: ${node.target} ${node.failureSummary.replace(/\s+/g, " ")}`)));
		const wide = await tab.evaluate(() => {
			if (document.documentElement.scrollWidth <= document.documentElement.clientWidth) return [];
			return [...document.querySelectorAll("body *")].filter((at) => !at.closest(".kb-scroll > *") &&
				at.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
				.map((at) => `${at.tagName} ${at.className}`).slice(0, 8);
		});
		check(`${name}: wider than the window`, wide);
	}
	await context.close();
}

/* Keyboard and script: focus in the error summary, one sending of a form, a key that acts, copying. */
const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, permissions: ["clipboard-read", "clipboard-write"] });
const tab = await context.newPage();
await tab.goto(url);
check("the error summary has the focus", await tab.evaluate(() => document.activeElement.className === "ds-error-summary") ? [] : ["no"]);
await tab.click("button[data-copy]");
check("a number is copied", await tab.evaluate(() => navigator.clipboard.readText()) === "15030000002" ? [] : ["no"]);
await tab.evaluate(() => document.activeElement.blur());
await tab.keyboard.press("/");
check("a key moves to the search", await tab.evaluate(() => document.activeElement.id === "q") ? [] : ["no"]);
await tab.keyboard.type("b");
check("no key acts while typing", tab.url() === url ? [] : [tab.url()]);
await tab.evaluate(() => document.activeElement.blur());
const asked = [];
tab.on("request", (request) => asked.push(new URL(request.url()).pathname));
await tab.keyboard.press("a");
await tab.waitForURL("**/work");
check("a key follows a link", asked[0] === "/work" ? [] : asked);
await tab.goto(url);
const stopped = await tab.evaluate(() => {
	const form = document.querySelector("form[action='/objection']");
	const send = () => form.dispatchEvent(new Event("submit", { cancelable: true, bubbles: true }));
	return [send(), send()].join();
});
check("a form is sent once", stopped === "true,false" ? [] : [stopped]);
await browser.close();
server.close();

try {
	execFileSync("java", ["-jar", require.resolve("vnu-jar/build/dist/vnu.jar"), "--format", "text", `${out}/components.html`],
		{ stdio: ["ignore", "ignore", "pipe"] });
	check("valid HTML", []);
} catch (error) {
	check("valid HTML", String(error.stderr).trim().split("\n"));
}
console.log(`components: ${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
