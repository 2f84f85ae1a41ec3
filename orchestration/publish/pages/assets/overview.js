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
    .filter((row) => row.period === state.period && row.channel === "all" && row.sessions > 0);
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
  const unit = kpiUnit(kpi);
  const size = unit === "rate" ? `${number(Math.abs(row.change) * 100, 1)} ${texts.points}` : shown(Math.abs(row.change), unit);
  const arrow = row.change > 0 ? "▲" : row.change < 0 ? "▼" : "=";
  const isBetter = kpi.direction !== "neutral" && (row.change > 0) === (kpi.direction === "higher");
  const verdict = row.is_change_significant === null || kpi.direction === "neutral" || row.change === 0 ? ""
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
      row.target === null ? null : element("span", { class: "small" }, ` ${texts.target} ${bound} ${shown(row.target, unit)}`)),
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

const overviewPage = (state) => {
  const rows = state.segment
    ? read("rpt_segments").filter((row) => row.period === state.period
      && row.dimension === state.dimension && row.segment === state.segment)
    : read("rpt_scorecard").filter((row) => row.period === state.period);
  const ordered = registry.map((kpi) => rows.find((row) => row.kpi === kpi.kpi)).filter(Boolean);
  const isKnown = (row) => !["no_data"].includes(row.status);
  return [
    leak(state),
    ordered.length ? element("ul", { class: "tiles" }, ordered.filter(isKnown).map((row) => tile(row, state))) : empty(),
    ordered.some((row) => !isKnown(row)) ? element("p", { class: "small" }, `${texts.without_data}: `
      + ordered.filter((row) => !isKnown(row)).map((row) => kpiNamed(row.kpi)[`name_${locale}`]).join(", ")) : null,
    trendCard(state),
  ];
};
