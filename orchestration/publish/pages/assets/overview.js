"use strict";
// "Am I losing clients?": the biggest leak, the tiles, the trend of one KPI.

const registry = read("dim_kpis");
const kpiNamed = (id) => registry.find((kpi) => kpi.kpi === id);
const kpiUnit = (kpi) => (kpi.kind === "count" ? "count" : kpi.unit);

const days = (() => {
  const { columns, rows } = contents.days;
  return rows.map((row) => Object.fromEntries(columns.map((column, index) => [column, row[index]])));
})();

// The ratio of sums over the days that end with each day; never a mean of rates.
const trend = (kpi, span) => {
  if (!["count", "rate", "mean", "weighted_rate"].includes(kpi.kind)) return null;
  const isKnown = (name) => name && days.length && name in days[0];
  if (!isKnown(kpi.numerator) || (kpi.kind !== "count" && !isKnown(kpi.denominator))) return null;
  return days.map((_, index) => {
    const last = days.slice(Math.max(0, index - span + 1), index + 1);
    const total = (name) => last.reduce((sum, day) => sum + (day[name] ?? 0), 0);
    if (kpi.kind === "count") return span === 1 ? days[index][kpi.numerator] : total(kpi.numerator) / last.length;
    return total(kpi.denominator) ? (kpi.scale * total(kpi.numerator)) / total(kpi.denominator) : null;
  });
};

const leak = (state) => {
  const losses = read("rpt_loss_reasons")
    .filter((row) => row.period === state.period && row.channel === chosenChannel(state) && row.sessions > 0);
  // Ordered by size; "other" names nothing that could be mended.
  const worst = losses.find((row) => row.loss_reason !== "other");
  if (!worst) return null;
  const reason = read("dim_loss_reasons").find((row) => row.loss_reason === worst.loss_reason);
  const values = {
    reason: reason?.[`name_${locale}`] ?? worst.loss_reason,
    sessions: shown(worst.sessions, "count"),
    share: shown(worst.reason_share, "rate"),
    money: shown(worst.money_lost_base, "money"),
    range: interval(worst.money_lost_low, worst.money_lost_high, "money"),
  };
  const template = isMoneyKnown(worst) ? texts.leak_in_money : texts.leak;
  return element("p", { class: "card leak", id: "leak" },
    sentence(template, values), reason?.[`advice_${locale}`] ? ` ${reason[`advice_${locale}`]}` : "");
};

const changeText = (row, kpi) => {
  if (row.change === null) return "";
  if (row.change === 0) return texts.unchanged;
  const unit = kpiUnit(kpi);
  const size = unit === "rate" ? `${number(Math.abs(row.change) * 100, 1)}${GLUE}${texts.points}` : shown(Math.abs(row.change), unit);
  const arrow = row.change > 0 ? "▲" : "▼";
  const isBetter = kpi.direction !== "neutral" && (row.change > 0) === (kpi.direction === "higher");
  const verdict = row.is_change_significant === null || kpi.direction === "neutral" ? ""
    : row.is_change_significant ? (isBetter ? texts.better : texts.worse) : texts.within_noise;
  return `${arrow} ${size} ${texts.to_previous}${verdict ? `: ${verdict}` : ""}`;
};

const tile = (row, state) => {
  const kpi = kpiNamed(row.kpi);
  const unit = kpiUnit(kpi);
  const bound = { higher: "≥", lower: "≤" }[kpi.direction] ?? "";
  const series = state.segment ? null : trend(kpi, 7)?.slice(-60);
  const range = interval(row.lower, row.upper, unit);
  return element("li", { class: "card tile", "data-kpi": row.kpi },
    element("h3", { title: kpi[`definition_${locale}`] }, kpi[`name_${locale}`]),
    figure(row.value, unit, "div", { class: "value" }),
    element("div", { class: "small" }, range ? `${texts.interval} ${range}` : " "),
    element("div", {},
      row.status === "undecided" && row.target === null ? null : light(row.status),
      row.target === null ? null : element("span", { class: "small" }, ` ${texts.target} ${bound}${GLUE}${shown(row.target, unit)}`)),
    element("div", { class: "small" }, changeText(row, kpi)),
    series ? sparkline(series) : null);
};

const trendCard = (state) => {
  const offered = registry.filter((kpi) => trend(kpi, 1));
  if (!offered.length) return null;
  const kpi = offered.find((one) => one.kpi === state.trend) ?? offered[0];
  const select = element("select", { id: "trend" }, offered.map((one) =>
    element("option", { value: one.kpi, selected: one === kpi }, one[`name_${locale}`])));
  select.addEventListener("change", () => show({ trend: select.value }, "trend"));
  const from = -180;
  return element("div", {},
    element("h3", {}, element("label", { for: "trend" }, `${texts.trend}: `), select),
    lineChart(kpi[`name_${locale}`], days.slice(from).map((day) => day.session_date), [
      { name: texts.per_day, values: trend(kpi, 1).slice(from), isQuiet: true },
      { name: texts.per_week, values: trend(kpi, 7).slice(from) },
    ], kpiUnit(kpi)));
};

// The KPIs beside the main ones; what was opened stays open when the page is built anew.
const moreTiles = (tiles, count, state) => {
  const more = element("details", { id: "more", open: state.isMoreOpen },
    element("summary", {}, sentence(texts.more, { count })), tiles);
  more.addEventListener("toggle", () => { state.isMoreOpen = more.open; });
  return more;
};

const overviewPage = (state) => {
  const rows = state.segment
    ? read("rpt_segments").filter((row) => row.period === state.period
      && row.dimension === state.dimension && row.segment === state.segment)
    : read("rpt_scorecard").filter((row) => row.period === state.period);
  const ordered = registry.map((kpi) => rows.find((row) => row.kpi === kpi.kpi)).filter(Boolean);
  const isKnown = (row) => row.status !== "no_data";
  const isHeadline = (row) => kpiNamed(row.kpi).is_headline;
  const tiles = (chosen) => element("ul", { class: "tiles" }, chosen.map((row) => tile(row, state)));
  const others = ordered.filter((row) => isKnown(row) && !isHeadline(row));
  return [
    leak(state),
    state.segment ? element("p", { class: "small" }, texts.segment_note) : null,
    ordered.some(isKnown) ? tiles(ordered.filter((row) => isKnown(row) && isHeadline(row))) : empty(),
    others.length ? moreTiles(tiles(others), others.length, state) : null,
    ordered.some((row) => !isKnown(row)) ? element("p", { class: "small" }, `${texts.without_data}: `
      + ordered.filter((row) => !isKnown(row)).map((row) => kpiNamed(row.kpi)[`name_${locale}`]).join(", ")) : null,
    trendCard(state),
  ];
};
