"use strict";
// The frame of the page: choices above, one section per question.

const state = { period: null, dimension: null, segment: null, trend: null, isMoreOpen: false };

const pages = [
  ["overview", overviewPage], ["where", wherePage], ["when", whenPage], ["bot", tablesPage("bot")],
  ["operators", tablesPage("operators")], ["money", tablesPage("money")], ["experiments", tablesPage("experiments")], ["trust", trustPage],
];

const chooser = (id, label, options, chosen, choose) => {
  const select = element("select", { id }, options.map(([value, text]) =>
    element("option", { value, selected: value === chosen }, text)));
  select.addEventListener("change", () => choose(select.value));
  return element("label", { for: id }, label, select);
};

const segmentWords = (dimension, segment) => {
  if (dimension === "channel") return channelWords(segment);
  if (dimension === "weekday") return texts.weekdays[Number(segment) - 1] ?? segment;
  return named(texts.segments, segment);
};

const choosers = () => {
  const periods = read("dim_periods");
  const segments = read("rpt_segments").filter((row) => row.period === state.period && row.kpi === "sessions");
  const offered = [...new Set(segments.map((row) => row.dimension))];
  const places = segments.filter((row) => row.dimension === state.dimension && row.segment !== null);
  return element("div", { class: "controls" },
    chooser("period", texts.period, periods.map((row) => [row.period,
      `${row[`name_${locale}`]} (${shown(row.period_start, "date")} – ${shown(row.period_end, "date")})`]),
    state.period, (period) => show({ period }, "period")),
    chooser("dimension", texts.dimension, [["", texts.everything], ...offered.map((name) => [name, named(texts.dimensions, name)])],
      state.dimension ?? "", (dimension) => show({ dimension: dimension || null, segment: null }, "dimension")),
    state.dimension ? chooser("segment", named(texts.dimensions, state.dimension),
      [["", texts.everything], ...places.map((row) => [row.segment, segmentWords(state.dimension, row.segment)])],
      state.segment ?? "", (segment) => show({ segment: segment || null }, "segment")) : null,
    themeButton());
};

const themeButton = () => {
  const button = element("button", { type: "button", id: "theme" }, texts.theme);
  button.addEventListener("click", () => {
    const root = document.documentElement;
    root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
    drawCharts();
  });
  return button;
};

// Builds the page anew for the choices made, and gives the focus back to the choice.
const show = (choices, focus) => {
  Object.assign(state, choices);
  if (state.segment && !read("rpt_segments").some((row) => row.period === state.period
    && row.dimension === state.dimension && row.segment === state.segment)) state.segment = null;
  drawn.length = 0;
  const scroll = window.scrollY;
  const header = element("header", { class: "top" },
    element("h1", {}, contents.business.name),
    element("p", {}, sentence(texts.subtitle, { date: shown(contents.business.as_of_date, "date") })),
    choosers());
  const navigation = element("nav", { "aria-label": texts.title }, element("ul", {}, pages.map(([id]) =>
    element("li", {}, element("a", { href: `#${id}` }, texts.pages[id].short)))));
  const main = element("main", { id: "main" }, pages.map(([id, build]) => element("section", { id, "aria-labelledby": `${id}-title` },
    element("h2", { id: `${id}-title` }, texts.pages[id].title),
    element("p", { class: "lead" }, texts.pages[id].lead),
    build(state))));
  document.getElementById("app").replaceChildren(
    element("a", { class: "skip", href: "#main" }, texts.skip), header, navigation, main,
    element("footer", {}, element("p", {}, texts.footer)));
  drawCharts();
  window.scrollTo(0, scroll);
  if (focus) document.getElementById(focus)?.focus({ preventScroll: true });
};

const isDark = window.matchMedia("(prefers-color-scheme: dark)");
document.documentElement.dataset.theme = isDark.matches ? "dark" : "light";
isDark.addEventListener("change", () => {
  document.documentElement.dataset.theme = isDark.matches ? "dark" : "light";
  drawCharts();
});

// The last 28 days, or all time where these have nothing.
const hasData = (period) => read("rpt_scorecard").some((row) => row.period === period && row.kpi === "sessions" && row.value > 0);
show({ period: hasData("last_28_days") ? "last_28_days" : "all_time", trend: "sessions" });
