"use strict";
// The parts that pages are made of: tables, bars, lines, heat maps.

const empty = () => element("p", { class: "empty" }, texts.nothing);

const dimensionName = (dimension, id, show = "name") => {
  const key = contents.tables[dimension].columns[0];
  return read(dimension).find((row) => row[key] === id)?.[`${show}_${locale}`] ?? (id === null ? NOTHING : String(id));
};

const isMoneyKnown = (loss) => loss.money_status === "measured";

const unitOf = (row, column) => (column.unit === "kpi" ? kpiUnit(kpiNamed(row.kpi)) : column.unit);

const isText = (column) => ["text", "light", "words", "named", "date", "month", "time", "yes"].includes(column.unit);

const cellText = (row, column) => {
  const value = row[column.name.replace("{locale}", locale)];
  if (column.unit === "words") return named(texts[column.words], value);
  if (column.unit === "named") return dimensionName(column.of, value, column.show);
  return shown(value, unitOf(row, column));
};

// Texts from this length on take several lines, in a column wide enough for them.
const LONG = 40;

const tableCell = (row, column, index) => {
  const value = row[column.name.replace("{locale}", locale)] ?? "";
  const range = column.lower ? interval(row[column.lower], row[column.upper], unitOf(row, column)) : "";
  const text = column.unit === "light" && value !== "" ? light(value) : cellText(row, column);
  return element(index === 0 ? "th" : "td", {
    scope: index === 0 ? "row" : null, class: isText(column) ? (typeof text === "string" && text.length > LONG && !column.folded ? "long" : null) : "number",
    "data-column": column.name, "data-value": String(value),
  }, column.folded && value !== "" ? element("details", {}, element("summary", {}, texts.unfold), text) : text,
  range ? element("div", { class: "small" }, range) : null);
};

// A table of the layout: its columns have a name, a unit and, where there is one, an interval.
const reportTable = (title, rows, columns) => {
  if (!rows.length) return element("div", {}, element("h3", {}, title), empty());
  return element("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": title },
    element("table", {},
      element("caption", {}, title),
      element("thead", {}, element("tr", {}, columns.map((column) => element("th", {
        scope: "col", class: isText(column) ? null : "number",
      }, texts.columns[column.label ?? column.name] ?? column.name)))),
      element("tbody", {}, rows.map((row) => element("tr", {}, columns.map((column, index) => tableCell(row, column, index)))))));
};

// `bars`: {label, value, text, note}; the longest is the largest value.
const barList = (bars) => {
  const largest = Math.max(...bars.map((bar) => bar.value ?? 0), 0);
  return element("div", { class: "card" }, bars.map((bar) => element("div", { class: "bar" },
    element("div", {}, bar.label, bar.note ? element("div", { class: "small" }, bar.note) : null),
    element("div", { class: "track", "aria-hidden": "true" },
      element("div", { class: "fill", style: `width:${largest ? (100 * (bar.value ?? 0)) / largest : 0}%` })),
    element("div", { class: "figure", "data-value": bar.value ?? "" }, bar.text))));
};

// `cells`: {row, column, value, text, title}; darker is more.
const heatMap = (title, rows, columns, cells) => {
  const largest = Math.max(...cells.map((cell) => cell.value ?? 0), 0);
  const byPlace = new Map(cells.map((cell) => [`${cell.row}|${cell.column}`, cell]));
  return element("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": title },
    element("table", { class: "heat" },
      element("caption", {}, title),
      element("thead", {}, element("tr", {}, element("td", {}), columns.map((column) =>
        element("th", { scope: "col" }, String(column.label))))),
      element("tbody", {}, rows.map((row) => element("tr", {}, element("th", { scope: "row" }, row.label),
        columns.map((column) => {
          const cell = byPlace.get(`${row.id}|${column.id}`);
          // Never so dark that the ink on it could not be read.
          const strength = cell && largest ? (0.55 * (cell.value ?? 0)) / largest : 0;
          return element("td", {
            "data-value": cell?.value ?? "", title: cell?.title, style: `background:rgba(var(--heat),${strength.toFixed(3)})`,
          }, cell?.text ?? "");
        }))))));
};

const sparkline = (values) => {
  const known = values.filter((value) => value !== null);
  if (known.length < 2) return null;
  const [least, most] = [Math.min(...known), Math.max(...known)];
  const place = (value, index) => [
    ((100 * index) / (values.length - 1)).toFixed(1), (32 - (30 * (value - least)) / (most - least || 1)).toFixed(1),
  ].join(",");
  const points = values.map((value, index) => (value === null ? null : place(value, index))).filter(Boolean).join(" ");
  const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  drawing.setAttribute("viewBox", "0 0 100 34");
  drawing.setAttribute("preserveAspectRatio", "none");
  drawing.setAttribute("aria-hidden", "true");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "polyline");
  for (const [name, value] of Object.entries({
    points, fill: "none", stroke: "var(--accent)", "stroke-width": "2", "vector-effect": "non-scaling-stroke",
  })) line.setAttribute(name, value);
  drawing.append(line);
  return drawing;
};

const drawn = [];

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

// What a line chart shows, for those who do not see it.
const lineWords = (title, dates, lines, unit) => {
  const { name, values } = lines[lines.length - 1];
  const known = values.filter((value) => value !== null);
  if (!known.length) return `${title}. ${texts.nothing}`;
  return sentence(texts.chart_words, {
    title, line: name, from: shown(dates[0], "date"), to: shown(dates[dates.length - 1], "date"),
    least: shown(Math.min(...known), unit), most: shown(Math.max(...known), unit), last: shown(known[known.length - 1], unit),
  });
};

// A line chart of {name, values, isQuiet} over dates, drawn once it is on the page.
const lineChart = (title, dates, lines, unit) => {
  const place = element("div", { class: "chart", role: "img", "aria-label": lineWords(title, dates, lines, unit) });
  drawn.push(() => {
    const chart = echarts.init(place, null, { renderer: "svg" });
    const ink = colour("--ink");
    chart.setOption({
      animation: false,
      textStyle: { color: ink, fontFamily: "inherit" },
      grid: { left: 64, right: 16, top: 40, bottom: 32 },
      legend: { top: 0, textStyle: { color: ink } },
      tooltip: { trigger: "axis", valueFormatter: (value) => shown(value, unit), confine: true,
        backgroundColor: colour("--card"), borderColor: colour("--line"), textStyle: { color: ink } },
      xAxis: { type: "category", data: dates.map((date) => shown(date, "date")), axisLabel: { color: colour("--dim") } },
      yAxis: { type: "value", scale: unit !== "count", axisLabel: { color: colour("--dim"), formatter: (value) => shown(value, unit) },
        splitLine: { lineStyle: { color: colour("--line") } } },
      series: lines.map((line) => ({
        name: line.name, type: "line", data: line.values, showSymbol: false, connectNulls: true,
        lineStyle: { width: line.isQuiet ? 1 : 3, opacity: line.isQuiet ? 0.45 : 1 },
        color: line.isQuiet ? colour("--dim") : colour("--accent"),
      })),
    });
    return chart;
  });
  return element("div", { class: "card" }, element("h3", {}, title), place);
};

let charts = [];
const drawCharts = () => {
  charts.forEach((chart) => chart.dispose());
  charts = drawn.map((draw) => draw());
};
window.addEventListener("resize", () => charts.forEach((chart) => chart.resize()));
