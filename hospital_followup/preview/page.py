"""The look of the preview page, on a screen and on paper."""

from __future__ import annotations

STYLE = """\
:root { color-scheme: light; --ink: #1f2a30; --soft: #5d6b73; --line: #d9e0e3; --paper: #fff; --band: #f4f7f8;
  --doctor: #1b6e8c; --specialist: #7fb7a6; --other: #b9a06a; }
* { box-sizing: border-box; }
body { margin: 0; background: #eef2f3; color: var(--ink); line-height: 1.5;
  font-family: "Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", "Segoe UI", system-ui, sans-serif; }
main { max-width: 72rem; margin: 2rem auto; padding: 2rem; background: var(--paper); border-radius: 12px;
  box-shadow: 0 1px 4px rgb(0 0 0 / 8%); }
h1 { margin: 0 0 1rem; font-size: 1.5rem; }
h2 { margin: 2rem 0 .6rem; font-size: 1.1rem; }
.figures { display: flex; flex-wrap: wrap; gap: .75rem; margin: 0; }
.figures div { flex: 1 1 7rem; padding: .7rem 1rem; background: var(--band); border-radius: 8px; }
.figures dt { color: var(--soft); font-size: .85rem; }
.figures dd { margin: 0; font-size: 1.5rem; font-weight: 600; font-variant-numeric: tabular-nums; }
section { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: .85rem; }
th, td { padding: .4rem .55rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
th { color: var(--soft); font-weight: 600; white-space: nowrap; }
td { font-variant-numeric: tabular-nums; word-break: keep-all; overflow-wrap: break-word; }
td:nth-child(1), td:nth-child(2) { white-space: nowrap; }
tbody tr:nth-child(even) { background: var(--band); }
svg { width: 100%; height: auto; }
svg text { fill: var(--soft); font-size: 11px; font-family: inherit; }
svg .number { fill: var(--ink); font-weight: 600; }
svg .axis { stroke: var(--line); }
svg .doctor { fill: var(--doctor); }
svg .specialist { fill: var(--specialist); }
svg .other { fill: var(--other); }
@page { size: A4 landscape; margin: 12mm; }
@media print {
  body { background: none; font-size: 9pt; }
  main { max-width: none; margin: 0; padding: 0; box-shadow: none; border-radius: 0; }
  section { overflow: visible; }
  table { font-size: 8pt; }
  thead { display: table-header-group; }
  tr, svg, .figures { break-inside: avoid; }
  h2 { break-after: avoid; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
"""
