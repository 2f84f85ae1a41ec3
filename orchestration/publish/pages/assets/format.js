"use strict";
// What a figure looks like. The number itself stays in `data-value`, as the report holds it.

const contents = JSON.parse(document.getElementById("contents").textContent);
const texts = contents.texts;
const locale = contents.locale;
const NOTHING = "—";
// A figure and its unit stay on one line.
const GLUE = "\u00a0";

const read = (name) => {
  const table = contents.tables[name];
  if (!table) return [];
  table.objects ??= table.rows.map((row) =>
    Object.fromEntries(table.columns.map((column, index) => [column, row[index]])));
  return table.objects;
};

// A day as nobody can take for another: 24.11.2026, 24 Nov 2026.
const day = (value) => new Intl.DateTimeFormat(locale === "en" ? "en-GB" : locale, {
  timeZone: "UTC", year: "numeric", day: "2-digit", month: locale === "en" ? "short" : "2-digit",
}).format(new Date(`${value}T00:00:00Z`));

const number = (value, digits) => new Intl.NumberFormat(locale, {
  minimumFractionDigits: digits, maximumFractionDigits: digits,
}).format(value);

const duration = (seconds) => {
  const [least, divisor, unit] = [
    [172800, 86400, "days"], [7200, 3600, "hours"], [120, 60, "minutes"], [0, 1, "seconds"],
  ].find(([from]) => Math.abs(seconds) >= from);
  return `${number(seconds / divisor, 1)}${GLUE}${texts.units[unit]}`;
};

const money = (value) => new Intl.NumberFormat(locale, {
  style: "currency", currency: contents.business.currency, maximumFractionDigits: 0,
}).format(value);

const shown = (value, unit) => {
  if (value === null || value === undefined) return NOTHING;
  switch (unit) {
    case "rate": return `${number(value * 100, 1)}${GLUE}%`;
    case "points": return number(value, 1);
    case "seconds": return duration(value);
    case "score": return number(value, 2);
    case "money": return money(value);
    case "probability": return value < 0.001 ? `<${GLUE}${number(0.001, 3)}` : number(value, 3);
    case "date": return day(value);
    case "time": return `${day(value.slice(0, 10))}, ${value.slice(11, 16)} UTC`;
    case "month": return new Intl.DateTimeFormat(locale, { timeZone: "UTC", month: "long", year: "numeric" }).format(new Date(`${value}T00:00:00Z`));
    case "yes": return value ? texts.yes : texts.no;
    case "text": return String(value);
    default: return number(value, Number.isInteger(value) ? 0 : 1);
  }
};

// One end may be unknown: where half the customers are never answered, a median has no upper end.
const interval = (lower, upper, unit) => {
  const [hasLower, hasUpper] = [lower, upper].map((end) => end !== null && end !== undefined);
  if (hasLower && hasUpper) return `${shown(lower, unit)} … ${shown(upper, unit)}`;
  if (hasLower) return `${texts.ends.lower} ${shown(lower, unit)}`;
  return hasUpper ? `${texts.ends.upper} ${shown(upper, unit)}` : "";
};

const named = (words, id) => words?.[id] ?? (id === null || id === undefined ? NOTHING : String(id));

// Elements by name, attributes and children: text is never read as markup.
const element = (tag, attributes = {}, ...children) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return made;
};

const figure = (value, unit, tag = "span", attributes = {}) =>
  element(tag, { ...attributes, "data-value": value ?? "" }, shown(value, unit));

const light = (status) => element("span", { class: `light ${status}` }, named(texts.lights, status));

const sentence = (template, values) => template.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? NOTHING);
