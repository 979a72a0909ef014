// What the browser's suites share: the server (tests/browser/site.py), Chromium, tabs of each role, counting.
import { spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { createInterface } from "node:readline";

export const [build, npm] = process.argv.slice(2).map((path) => resolve(path));
export const require = createRequire(`${npm}/browser/package.json`);
const { chromium } = require("playwright-core");
export const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const count = { passed: 0, failed: 0 };
/* A check with what was found against it; nothing found is good. */
export function check(name, findings) {
	if (!findings.length) count.passed++;
	else {
		count.failed++;
		console.log(`${name}:\n\t${findings.slice(0, 12).join("\n\t")}`);
	}
}
export function finish(name) {
	console.log(`${name}: ${count.passed} passed, ${count.failed} failed`);
	process.exitCode = count.failed ? 1 : 0;
}

/* The server; tell(order) has it do something (site.py). */
export async function siteStart() {
	const process_ = spawn("python3", [new URL("site.py", import.meta.url).pathname], {
		stdio: ["pipe", "pipe", "inherit"], env: { ...process.env, KRAVBOK_BIN: `${build}/kravbok` },
	});
	const lines = createInterface({ input: process_.stdout })[Symbol.asyncIterator]();
	const site = JSON.parse((await lines.next()).value);
	site.tell = async (order) => {
		process_.stdin.write(`${JSON.stringify(order)}\n`);
		const answer = JSON.parse((await lines.next()).value);
		if (answer.error) throw new Error(answer.error);
		return answer.ok;
	};
	site.stop = () => new Promise((done) => {
		process_.on("exit", done);
		process_.stdin.end();
	});
	return site;
}

export const browserStart = () => chromium.launch({
	executablePath: "/usr/bin/chromium",
	args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
		"--disable-component-update", "--disable-sync"],
});

/* A tab in a visitor's own window; role: whose session it has. What the console says is kept in tab.said. */
export async function tabOpen(browser, site, role = "stranger", options = {}) {
	const context = await browser.newContext({
		viewport: { width: 1280, height: 900 }, colorScheme: "light", reducedMotion: "reduce", baseURL: site.url, ...options,
	});
	const [name, value] = site.sessions[role].split("=");
	if (role !== "stranger")
		await context.addCookies([{ name, value, url: site.url.replace("http:", "https:"), secure: true, httpOnly: true, sameSite: "Lax" }]);
	const tab = await context.newPage();
	tab.said = [];
	// The browser's own word that an answer was a 4xx is no fault of the page's, and its advice on password fields none of ours.
	tab.on("console", (message) => /status of 4\d\d|^\[DOM\]/.test(message.text()) || tab.said.push(message.text()));
	tab.on("pageerror", (error) => tab.said.push(String(error)));
	return tab;
}

export const saidBy = (tab) => tab.said.splice(0);

/* Findings of axe: WCAG 2.2 A and AA, and what it calls good practice of landmarks and headings. */
export async function axeOf(tab) {
	await tab.evaluate(axe);
	const result = await tab.evaluate(() => window.axe.run(
		{ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], resultTypes: ["violations"] }));
	return result.violations.flatMap((finding) => finding.nodes.map(
		(node) => `${finding.id}: ${node.target} ${node.failureSummary.replace(/\s+/g, " ")}`));
}

/* What is wider than the window, scroll boxes apart. */
export const wideParts = (tab) => tab.evaluate(() => {
	if (document.documentElement.scrollWidth <= document.documentElement.clientWidth) return [];
	return [`${document.documentElement.scrollWidth} px`, ...[...document.querySelectorAll("body *")].filter(
		(at) => !at.closest(".kb-scroll > *") && at.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
		.map((at) => `${at.tagName} ${at.className}`).slice(0, 8)];
});

/* The six digits of an authenticator app. */
export function totp(secret) {
	let bits = "";
	for (const letter of secret.replace(/=+$/, "")) bits += "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0");
	const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
	const step = Buffer.alloc(8);
	step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000)));
	const digest = createHmac("sha1", key).update(step).digest();
	return String((digest.readUInt32BE(digest[19] & 15) & 0x7fffffff) % 1000000).padStart(6, "0");
}
