"use strict";
// One page per question. Rows are chosen and laid out here; every figure is a report's own.

const channelWords = (channel) => (channel === "all" ? texts.everything
  : read("dim_channels").find((row) => row.channel === channel)?.[`name_${locale}`] ?? channel);
// A segment of channels narrows the pages that know channels; other segments leave them whole.
const chosenChannel = (state) => (state.dimension === "channel" && state.segment ? state.segment : "all");

const rowsOf = (table, state) => {
  const hasColumn = (name) => contents.tables[table.report]?.columns.includes(name);
  return read(table.report)
    .filter((row) => !hasColumn("period") || row.period === state.period)
    .filter((row) => !hasColumn("channel") || row.channel === chosenChannel(state))
    .filter((row) => !table.without || !row[table.without])
    .filter((row) => !table.above || row[table.above[0]] > table.above[1])
    .slice(0, table.limit);
};

const tablesOf = (page, state) => contents.layout[page].map((table) =>
  reportTable(texts.tables[table.title], rowsOf(table, state), table.columns));

const lossBar = (row) => ({
  label: dimensionName("dim_loss_reasons", row.loss_reason),
  value: row.sessions,
  text: isMoneyKnown(row) ? shown(row.money_lost_base, "money") : shown(row.sessions, "count"),
  note: (isMoneyKnown(row) ? `${shown(row.sessions, "count")} · ` : "")
    + `${shown(row.reason_share, "rate")} (${interval(row.reason_share_lower, row.reason_share_upper, "rate")})`,
});

const wherePage = (state) => {
  const [funnel, losses] = contents.layout.where;
  const steps = rowsOf(funnel, state);
  const lost = rowsOf(losses, state).map(lossBar);
  return [
    element("h3", {}, `${texts.tables.funnel} · ${channelWords(chosenChannel(state))}`),
    steps.length ? barList(steps.map((row) => ({
      label: dimensionName("dim_funnel_steps", row.step), value: row.converted, text: shown(row.converted, "count"),
      note: row.rate === null ? null
        : `${shown(row.rate, "rate")} ${texts.of_previous} (${interval(row.lower, row.upper, "rate")})`,
    }))) : empty(),
    element("h3", {}, texts.tables.losses),
    lost.length ? barList(lost) : empty(),
    element("details", {}, element("summary", {}, texts.as_table), tablesOf("where", state)),
  ];
};

const whenPage = (state) => {
  const cells = read("rpt_speed_heatmap").filter((row) => row.period === state.period);
  if (!cells.length) return empty();
  const rows = texts.weekdays.map((label, index) => ({ id: index + 1, label }));
  const columns = Array.from({ length: 24 }, (_, hour) => ({ id: hour, label: hour }));
  const map = (title, name) => heatMap(title, rows, columns, cells.map((row) => ({
    row: row.weekday, column: row.hour, value: row[name], text: row[name] ? String(row[name]) : "",
    title: `${texts.weekdays[row.weekday - 1]} ${row.hour}:00 · ${texts.columns.sessions}: ${shown(row.sessions, "count")}, `
      + `${texts.columns.unanswered_sessions}: ${shown(row.unanswered_sessions, "count")}, `
      + `${texts.columns.ttr_median_seconds}: ${shown(row.ttr_median_seconds, "seconds")}`,
  })));
  return [map(texts.requests_by_hour, "sessions"), element("p", {}), map(texts.unanswered_by_hour, "unanswered_sessions")];
};

const tablesPage = (page) => (state) => tablesOf(page, state);

const trustPage = (state) => [
  tablesOf("trust", state),
  element("details", { id: "dictionary" }, element("summary", {}, texts.tables.dictionary),
    element("dl", { class: "words" }, registry.map((kpi) => [
      element("dt", {}, kpi[`name_${locale}`]), element("dd", {}, kpi[`definition_${locale}`]),
    ]))),
];
