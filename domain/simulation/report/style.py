"""The style of the report: light and dark, wide and narrow, on paper."""

CSS = """
:root {
  color-scheme: light dark;
  --bg: light-dark(#f5f7f7, #0f1416); --surface: light-dark(#ffffff, #171d20); --line: light-dark(#dbe2e3, #2a3439);
  --text: light-dark(#172125, #e3eaec); --muted: light-dark(#546369, #9cabb1); --track: light-dark(#e6ecec, #263136);
  --good: light-dark(#0a6a72, #62cacf); --bad: light-dark(#d23c32, #f0695e); --plain: light-dark(#5b7f95, #86adc6);
  --s0: light-dark(#0a6a72, #62cacf); --s1: light-dark(#b45d00, #f2b650); --s2: light-dark(#67458f, #c9aef2);
  --s3: light-dark(#5b7f95, #86adc6); --s4: light-dark(#b3251d, #ff8f85); --s5: light-dark(#4d7a29, #a5d37c);
  font: 14px/1.45 -apple-system, BlinkMacSystemFont, "Segoe UI", Inter, "Noto Sans", Roboto, "Helvetica Neue", Arial,
    "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", system-ui, sans-serif;
}
*, *::before, *::after { box-sizing: border-box; }
body { margin: 0; background: var(--bg); color: var(--text); overflow-wrap: anywhere; }
main { max-width: 1080px; margin: 0 auto; padding: 24px 16px 48px; }
h1 { font-size: 22px; line-height: 28px; margin: 0 0 4px; letter-spacing: -0.01em; }
h2 { font-size: 16px; line-height: 22px; margin: 0 0 4px; }
h3 { font-size: 14px; line-height: 20px; margin: 20px 0 8px; }
p { margin: 0; max-width: 76ch; }
.muted, .note { color: var(--muted); }
.note { margin-bottom: 12px; font-size: 13px; }
section { background: var(--surface); border: 1px solid var(--line); border-radius: 8px; padding: 16px;
  margin-top: 16px; }
.tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(140px, 1fr)); gap: 8px; margin: 16px 0 0;
  padding: 0; }
.tile { background: var(--surface); border: 1px solid var(--line); border-radius: 8px; padding: 10px 12px; }
.tile dt { color: var(--muted); font-size: 12px; }
.tile dd { margin: 0; font-size: 20px; line-height: 28px; font-weight: 650; font-variant-numeric: tabular-nums; }
.tile .was { display: block; font-size: 12px; line-height: 16px; font-weight: 400; color: var(--muted); }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: 5px 8px; border-bottom: 1px solid var(--line); vertical-align: top;
  overflow-wrap: normal; }
th { font-size: 12px; font-weight: 600; color: var(--muted); white-space: nowrap; }
tbody th { font-size: inherit; color: inherit; white-space: normal; font-weight: 600; min-width: 84px; }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td.wide { width: 34%; min-width: 96px; vertical-align: middle; }
tbody th.sub { font-weight: 400; padding-left: 20px; }
.scroll { overflow-x: auto; }
.bar { display: block; width: 100%; height: 10px; }
.bar + .bar { margin-top: 3px; }
.track { fill: var(--track); } .good { fill: var(--good); } .bad { fill: var(--bad); } .plain { fill: var(--plain); }
.was-bar { fill: var(--muted); opacity: 0.55; }
.chart { display: grid; grid-template-columns: auto 1fr; gap: 4px 8px; }
.chart svg { width: 100%; height: 190px; overflow: visible; }
.scale { display: flex; flex-direction: column; justify-content: space-between; margin: -8px 0; text-align: right;
  font-size: 11px; color: var(--muted); font-variant-numeric: tabular-nums; }
.ticks { grid-column: 2; display: flex; justify-content: space-between; font-size: 11px; color: var(--muted); }
.grid { stroke: var(--line); vector-effect: non-scaling-stroke; }
.line { fill: none; stroke-width: 1.8; vector-effect: non-scaling-stroke; stroke-linejoin: round; }
.s0.line { stroke: var(--s0); } .s1.line { stroke: var(--s1); } .s2.line { stroke: var(--s2); }
.s3.line { stroke: var(--s3); } .s4.line { stroke: var(--s4); } .s5.line { stroke: var(--s5); }
.s0.area { fill: var(--s0); } .s1.area { fill: var(--s1); } .s2.area { fill: var(--s2); } .s3.area { fill: var(--s3); }
.legend { display: flex; flex-wrap: wrap; gap: 4px 16px; list-style: none; margin: 8px 0 0; padding: 0;
  font-size: 12px; }
.legend li { display: flex; align-items: center; gap: 6px; }
details { margin-top: 12px; }
summary { cursor: pointer; color: var(--muted); font-size: 13px; }
:focus-visible { outline: 2px solid var(--good); outline-offset: 2px; border-radius: 4px; }
.heat { table-layout: fixed; }
.heat th, .heat td { padding: 0; border: 1px solid var(--surface); text-align: center; font-size: 10px; height: 20px;
  vertical-align: middle; overflow: hidden; }
.heat thead th { font-weight: 400; }
.heat tbody th { width: 40px; min-width: 0; font-weight: 400; font-size: 11px; white-space: nowrap; color: var(--muted);
  text-align: left; }
.heat thead th:nth-child(odd) span { display: none; }
.heat .first { width: 40px; }
.heat .team { text-align: left; font-weight: 600; font-size: 12px; }
.heat td { background: color-mix(in srgb, var(--good) var(--l), var(--track)); print-color-adjust: exact;
  -webkit-print-color-adjust: exact; }
.heat td.off { background: none; }
.sr { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.heat td { position: relative; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(300px, 100%), 1fr)); gap: 8px 32px; }
.names { display: flex; flex-wrap: wrap; gap: 4px 8px; list-style: none; margin: 8px 0 0; padding: 0; }
.names li { border: 1px solid var(--line); border-radius: 4px; padding: 1px 8px; font-size: 13px; }
footer { margin-top: 16px; color: var(--muted); font-size: 12px; }
@media (max-width: 560px) {
  main { padding: 16px 8px 32px; } section { padding: 12px; }
  th, td { padding: 5px 4px; } td.wide { min-width: 56px; width: 24%; }
  .ticks span:nth-child(even) { display: none; }
  .heat thead th:not(:nth-child(6n + 2)) span { display: none; }
  .heat .first, .heat tbody th { width: 34px; }
}
@media print {
  :root { color-scheme: light; font-size: 11px; }
  body { background: none; } main { max-width: none; padding: 0; }
  section, .tile { break-inside: avoid; border-color: #ccc; }
  details > summary { display: none; } details::details-content { content-visibility: visible; display: block; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
"""
