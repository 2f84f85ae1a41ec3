"use strict";
// One page per question. Rows are chosen and laid out here; every figure is a report's own.

const ofPeriod = (name, state) => read(name).filter((row) => row.period === state.period);
const channelWords = (channel) => (channel === "all" ? texts.everything
  : read("dim_channels").find((row) => row.channel === channel)?.[`name_${locale}`] ?? channel);
// A segment of channels narrows these pages too; other segments leave them whole.
const chosenChannel = (state) => (state.dimension === "channel" && state.segment ? state.segment : "all");

const wherePage = (state) => {
  const channel = chosenChannel(state);
  const steps = ofPeriod("rpt_funnel", state).filter((row) => row.channel === channel);
  const losses = ofPeriod("rpt_loss_reasons", state).filter((row) => row.channel === channel);
  const reasons = read("dim_loss_reasons");
  const reason = (id) => reasons.find((row) => row.loss_reason === id);
  const lost = losses.filter((row) => row.sessions > 0)
    .sort((one, other) => (other.money_lost_base ?? other.sessions) - (one.money_lost_base ?? one.sessions));
  return [
    element("h3", {}, `${texts.funnel} · ${channelWords(channel)}`),
    steps.length ? barList(steps.map((row) => ({
      label: named(texts.steps, row.step), value: row.converted, text: shown(row.converted, "count"),
      note: row.rate === null ? null
        : `${shown(row.rate, "rate")} ${texts.of_previous} (${interval(row.lower, row.upper, "rate")})`,
    }))) : empty(),
    element("h3", {}, texts.losses),
    lost.length ? barList(lost.map((row) => ({
      label: reason(row.loss_reason)?.[`name_${locale}`] ?? row.loss_reason,
      value: row.money_lost_base ?? row.sessions,
      text: row.money_lost_base === null ? shown(row.sessions, "count") : shown(row.money_lost_base, "money"),
      note: `${shown(row.sessions, "count")} · ${shown(row.share, "rate")} (${interval(row.lower, row.upper, "rate")})`,
    }))) : empty(),
    reportTable(texts.losses, lost, [
      { name: "loss_reason", unit: "text", of: (row) => reason(row.loss_reason)?.[`name_${locale}`] ?? row.loss_reason },
      { name: "sessions", unit: "count" },
      { name: "share", unit: "rate", lower: "lower", upper: "upper" },
      { name: "money_lost_base", unit: "money", lower: "money_lost_low", upper: "money_lost_high" },
      { name: "advice", unit: "text", of: (row) => reason(row.loss_reason)?.[`advice_${locale}`] },
      { name: "status", unit: "light" },
    ]),
  ];
};

const whenPage = (state) => {
  const cells = ofPeriod("rpt_speed_heatmap", state);
  if (!cells.length) return empty();
  const rows = texts.weekdays.map((label, index) => ({ id: index + 1, label }));
  const columns = Array.from({ length: 24 }, (_, hour) => ({ id: hour, label: hour }));
  const map = (title, value, text) => heatMap(title, rows, columns, cells.map((row) => ({
    row: row.weekday, column: row.hour, value: value(row), text: text(row),
    title: `${texts.weekdays[row.weekday - 1]} ${row.hour}:00 · ${texts.columns.sessions}: ${shown(row.sessions, "count")}, `
      + `${texts.columns.unanswered_sessions}: ${shown(row.unanswered_sessions, "count")}, `
      + `${texts.columns.ttr_median_seconds}: ${shown(row.ttr_median_seconds, "seconds")}`,
  })));
  const some = (value) => (value ? String(value) : "");
  return [
    map(texts.requests_by_hour, (row) => row.sessions, (row) => some(row.sessions)),
    element("p", {}),
    map(texts.unanswered_by_hour, (row) => row.unanswered_sessions, (row) => some(row.unanswered_sessions)),
  ];
};

const botPage = (state) => [
  reportTable(texts.intent_quality, ofPeriod("rpt_intent_quality", state), [
    { name: "status", unit: "light" },
    { name: "accuracy", unit: "rate", lower: "lower", upper: "upper" },
    { name: "labelled_messages", unit: "count" },
    { name: "effective_labels", unit: "count" },
    { name: "coverage", unit: "rate" },
    { name: "macro_f1", unit: "score" },
    { name: "kappa", unit: "score" },
    { name: "last_label_at", unit: "time" },
  ]),
  reportTable(texts.intents, ofPeriod("rpt_intents", state).slice(0, 30), [
    { name: "intent", unit: "text" },
    { name: "messages", unit: "count" },
    { name: "labelled_messages", unit: "count" },
    { name: "precision", unit: "rate" },
    { name: "recall", unit: "rate" },
    { name: "f1", unit: "score" },
    { name: "status", unit: "light" },
  ]),
  reportTable(texts.confusions, ofPeriod("rpt_intent_confusions", state).filter((row) => !row.is_correct).slice(0, 15), [
    { name: "predicted_intent", unit: "text" },
    { name: "true_intent", unit: "text" },
    { name: "messages", unit: "count" },
  ]),
  reportTable(texts.review_queue, read("rpt_review_queue").slice(0, 20), [
    { name: "message_words", unit: "text" },
    { name: "predicted_intent", unit: "text" },
    { name: "why", unit: "text", of: (row) => row[`why_${locale}`] },
    { name: "selection_probability", unit: "rate" },
  ]),
  reportTable(texts.resolution_definitions, ofPeriod("rpt_resolution_definitions", state), [
    { name: "definition", unit: "text", of: (row) => row[`name_${locale}`] ?? row.definition },
    { name: "rate", unit: "rate", lower: "lower", upper: "upper" },
    { name: "explanation", unit: "text", of: (row) => row[`definition_${locale}`] },
  ]),
];

const operatorsPage = (state) => [
  reportTable(texts.operators, ofPeriod("rpt_operators", state), [
    { name: "operator_id", unit: "text" },
    { name: "sessions", unit: "count" },
    { name: "wait_median_seconds", unit: "seconds" },
    { name: "wait_p90_seconds", unit: "seconds" },
    { name: "aht_seconds", unit: "seconds" },
    { name: "messages", unit: "count" },
    { name: "status", unit: "light" },
  ]),
];

const moneyPage = () => [
  reportTable(texts.economics, read("rpt_economics").slice(0, 9), [
    { name: "month_starts_date", unit: "date" },
    { name: "scenario", unit: "words", words: texts.scenarios },
    { name: "hours_saved", unit: "score" },
    { name: "revenue_per_lead", unit: "money" },
    { name: "bot_cost", unit: "money" },
    { name: "roi", unit: "rate" },
    { name: "assumptions", unit: "text", of: (row) => row[`assumptions_${locale}`] },
  ]),
  reportTable(texts.before_after, read("rpt_before_after"), [
    { name: "kpi", unit: "text", of: (row) => kpiNamed(row.kpi)?.[`name_${locale}`] ?? row.kpi },
    { name: "verdict", unit: "text", of: (row) => row[`verdict_${locale}`] },
  ]),
];

const experimentsPage = () => [
  reportTable(texts.experiments, read("rpt_experiments"), [
    { name: "experiment", unit: "text" },
    { name: "metric", unit: "words", words: texts.metrics },
    { name: "verdict", unit: "light" },
    { name: "explanation", unit: "text", of: (row) => row[`verdict_${locale}`] },
    { name: "rate_a", unit: "rate" },
    { name: "rate_b", unit: "rate" },
    { name: "difference", unit: "rate", lower: "lower", upper: "upper" },
    { name: "p_value", unit: "probability" },
    { name: "probability_b_better", unit: "probability" },
    { name: "days_left", unit: "count" },
  ]),
];

const trustPage = () => [
  reportTable(texts.reconciliation, read("rpt_reconciliation").slice(0, 40), []),
  reportTable(texts.gap_sensitivity, read("rpt_gap_sensitivity"), []),
  element("h3", {}, texts.dictionary),
  element("dl", { class: "words" }, registry.map((kpi) => [
    element("dt", {}, kpi[`name_${locale}`]), element("dd", {}, kpi[`definition_${locale}`]),
  ])),
];
