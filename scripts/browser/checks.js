// Runs in a page at 360 px: returns its faults. Every <details> is open meanwhile.
const [language, isDark] = arguments;
const faults = [];
const all = (selector) => [...document.querySelectorAll(selector)];
const name = (element) => element.outerHTML.slice(0, 160);

const closed = all("details:not([open])");
for (const part of closed) part.open = true;

const root = document.documentElement;
if (root.lang !== language) faults.push("lang is " + root.lang);
if (matchMedia("(prefers-color-scheme: dark)").matches !== isDark) faults.push("another theme");

// Fields
for (const field of all("input:not([type=hidden]), select, textarea")) {
  const labels = [...field.labels].map((label) => label.textContent).join();
  const label = field.getAttribute("aria-label") || labels;
  if (!label.trim()) faults.push("no label: " + name(field));
  for (const id of (field.getAttribute("aria-describedby") || "").split(" ").filter(Boolean)) {
    const text = document.getElementById(id)?.textContent.trim();
    if (!text) faults.push("no #" + id + ": " + name(field));
  }
}
const ids = all("[id]").map((element) => element.id);
for (const id of new Set(ids)) {
  if (ids.indexOf(id) !== ids.lastIndexOf(id)) faults.push("two elements are #" + id);
}

// Headings
let level = 0;
for (const heading of all("h1, h2, h3, h4, h5, h6")) {
  const next = Number(heading.tagName[1]);
  if (next > level + 1) faults.push("after h" + level + ": " + name(heading));
  if (!heading.textContent.trim()) faults.push("empty: " + name(heading));
  level = next;
}
if (all("h1").length !== 1) faults.push(all("h1").length + " h1");

// Width
const width = root.scrollWidth;
if (width > innerWidth) {
  const wide = all("main *").filter((e) => e.getBoundingClientRect().right > innerWidth + 0.5);
  faults.push(width + " px wide: " + (wide[0] ? name(wide[0]) : ""));
}

// Contrast
const parse = (color) => {
  const numbers = color.match(/[\d.]+/g).map(Number);
  return { rgb: numbers.slice(0, 3), alpha: numbers[3] ?? 1 };
};
const over = (front, alpha, back) => front.map((value, i) => value * alpha + back[i] * (1 - alpha));
const ground = (element) => {
  if (!element) return [255, 255, 255];
  const { rgb, alpha } = parse(getComputedStyle(element).backgroundColor);
  return alpha === 1 ? rgb : over(rgb, alpha, ground(element.parentElement));
};
const light = (rgb) => {
  const [r, g, b] = rgb.map((v) => v / 255)
    .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const compare = (element, style, what) => {
  const back = ground(element);
  const { rgb, alpha } = parse(style.color);
  const opacity = alpha * Number(style.opacity || 1);
  const [high, low] = [light(over(rgb, opacity, back)), light(back)].sort((a, b) => b - a);
  const contrast = (high + 0.05) / (low + 0.05);
  if (contrast >= 4.5) return;
  faults.push("contrast " + contrast.toFixed(2) + " of “" + what + "”: " + name(element));
};
let compared = 0;
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const element = walker.currentNode.parentElement;
  const text = walker.currentNode.data.trim();
  if (!text || element.closest("script, noscript, option")) continue;
  if (!element.checkVisibility()) continue;
  compare(element, getComputedStyle(element), text);
  compared += 1;
}
for (const field of all("input:not([type=hidden]), select, textarea")) {
  if (!field.checkVisibility()) continue;
  compare(field, getComputedStyle(field), field.value);
  if (!field.placeholder) continue;
  compare(field, getComputedStyle(field, "::placeholder"), field.placeholder);
}
if (compared < 5) faults.push("only " + compared + " texts");

// Nothing that was typed is part of the page.
if (window.pwned !== undefined) faults.push("a typed script ran");
if (all("b").some((element) => element.textContent === "qz")) faults.push("typed HTML is in the page");

for (const part of closed) part.open = false;
return faults;
