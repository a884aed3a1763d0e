/** The script of the page: it runs the filters, and opens all sections for print. Without the script, the page shows everything. */
export const SCRIPT = `
"use strict";
const form = document.getElementById("filter");
const result = document.getElementById("result");
const items = [...document.querySelectorAll("[data-keys]")].map((element) => {
  const { age, keys, plan, rule, severity } = element.dataset;
  return { element, fixed: { age, plan, rule, severity }, isFinding: severity !== undefined, keys: keys.split(" ") };
});
function isShown(item, wanted, words) {
  const { element, fixed, keys } = item;
  if (Object.entries(fixed).some(([name, value]) => value !== undefined && wanted[name] && wanted[name] !== value)) return false;
  if (wanted.key && !keys.includes(wanted.key)) return false;
  if (words.length === 0) return true;
  item.text ??= element.textContent.toLowerCase();
  return words.every((word) => item.text.includes(word));
}
function count(of, one, many) {
  const shown = of.filter(({ element }) => !element.classList.contains("filtered")).length;
  return shown + " of " + of.length + " " + (of.length === 1 ? one : many);
}
function filter() {
  const wanted = Object.fromEntries(new FormData(form));
  const words = wanted.text.toLowerCase().split(/\\s+/).filter(Boolean);
  for (const item of items) item.element.classList.toggle("filtered", !isShown(item, wanted, words));
  result.textContent =
    count(items.filter(({ isFinding }) => isFinding), "finding", "findings") + " and " +
    count(items.filter(({ isFinding }) => !isFinding), "key", "keys") + " shown";
}
form.addEventListener("input", filter);
form.addEventListener("reset", () => setTimeout(filter));
form.addEventListener("submit", (event) => event.preventDefault());
form.hidden = false;
filter();
const closed = () => [...document.querySelectorAll("details:not([open])")];
let opened = [];
addEventListener("beforeprint", () => {
  opened = closed();
  for (const element of opened) element.open = true;
});
addEventListener("afterprint", () => {
  for (const element of opened) element.open = false;
});
`;
