// Every page of the route table, as who may see it: Norwegian in light and English in dark (colours do not
// depend on the language) without a finding of axe (WCAG 2.2 AA), nothing wider than 320 px, nothing said on the console under our Content-Security-Policy, one
// heading, every form sent empty as well; and all of it valid HTML. pages.mjs BUILD NPM_DIR [part of a page's name].
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { axeOf, browserStart, build, check, finish, require, saidBy, siteStart, tabOpen, wideParts } from "./browse.mjs";

const out = `${build}/tests/pages`;
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const wanted = process.argv[4] ?? "";

const site = await siteStart();
const browser = await browserStart();
const pages = site.pages.filter((page) => page.name.includes(wanted));
const saved = new Map();

function save(name, html) {
	const file = `${name.replace(/[^a-z0-9-]+/g, "_") || "front"}.html`;
	saved.set(file, name);
	writeFileSync(`${out}/${file}`, html);
}

/* One look at a page: name says which. */
async function look(tab, name) {
	check(`${name}: console`, saidBy(tab));
	check(`${name}: axe`, await axeOf(tab));
	await tab.setViewportSize({ width: 320, height: 640 });
	check(`${name}: wider than 320 px`, await wideParts(tab));
	await tab.setViewportSize({ width: 1280, height: 900 });
}

async function pageLook(tab, page, language) {
	const name = `${language} ${page.name} (${page.role})`;
	const answer = await tab.goto(language === "en" ? `/en${page.path === "/" ? "" : page.path}` : page.path);
	if (answer.status() >= 500) return check(name, [`answers ${answer.status()}`]);
	save(name, await answer.text());
	await look(tab, name);
	check(`${name}: one heading`, await tab.evaluate(() => document.querySelectorAll("h1").length === 1 ? [] : ["not one h1"]));
	if (language === "nb") await formsLook(tab, page);
}

/* Each form of the page sent empty, as a browser does without script: the page with its errors is looked at too. */
async function formsLook(tab, page) {
	const actions = await tab.evaluate(() => [...document.querySelectorAll("form[method=post]")].map((form) => form.getAttribute("action"))
		.filter((action) => action && !action.endsWith("/logout")));
	for (const action of new Set(actions)) {
		await tab.goto(page.path);
		const found = await tab.evaluate((at) => {
			const form = [...document.querySelectorAll("form[method=post]")].find((each) => each.getAttribute("action") === at);
			if (!form) return false;
			for (const field of form.elements) {
				if (field.type === "radio" || field.type === "checkbox") field.checked = false;
				else if (field.type === "text" || field.tagName === "TEXTAREA" || field.tagName === "SELECT") field.value = "";
			}
			return form.querySelectorAll("input:not([type=hidden]), textarea, select").length > 0;
		}, action);
		if (!found) continue;
		const [answer] = await Promise.all([
			tab.waitForNavigation(),
			tab.evaluate((at) => HTMLFormElement.prototype.submit.call(
				[...document.querySelectorAll("form[method=post]")].find((each) => each.getAttribute("action") === at)), action),
		]);
		if (answer.status() !== 422) continue;
		const name = `nb ${page.name} sent empty to ${action.replace(/\d+/g, "N")} (${page.role})`;
		save(name, await answer.text());
		await look(tab, name);
		check(`${name}: error summary has the focus`, await tab.evaluate(() =>
			document.activeElement?.className === "ds-error-summary" ? [] : [document.activeElement?.outerHTML.slice(0, 80)]));
	}
}

/* Two windows at work, one a language. */
const begun = Date.now();
const work = ["nb", "en"].map(async (language) => {
	const tabs = new Map();
	for (const page of pages) {
		if (!tabs.has(page.role))
			tabs.set(page.role, await tabOpen(browser, site, page.role, { colorScheme: language === "en" ? "dark" : "light" }));
		try {
			await pageLook(tabs.get(page.role), page, language);
		} catch (error) {
			check(`${language} ${page.name}`, [String(error).split("\n")[0]]);
			tabs.delete(page.role);
		}
	}
});
await Promise.all(work);
await browser.close();
await site.stop();

const vnu = spawnSync("java", ["-jar", require.resolve("vnu-jar/build/dist/vnu.jar"), "--format", "json", "--errors-only", out],
	{ encoding: "utf8", maxBuffer: 1 << 28 });
const messages = JSON.parse(vnu.stderr).messages;
for (const [file, name] of saved)
	check(`${name}: valid HTML`, messages.filter((message) => message.url.endsWith(`/${file}`)).map(
		(message) => `${message.lastLine}: ${message.message} ${(message.extract ?? "").replace(/\s+/g, " ")}`));
if (process.env.KRAVBOK_TIMES) console.log(`${(Date.now() - begun) / 1000} s`);
finish("pages");
