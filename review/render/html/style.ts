/** The style of a page: light, dark and printed. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --back: #fff; --panel: #f6f7f9; --line: #d5dae1; --strong-line: #868f9b; --text: #1c2127; --muted: #57606a; --link: #0b57b5;
  --error: #b3261e; --error-back: #fdecea; --warning: #855300; --warning-back: #fdf3dc; --note: #2a5a9c; --note-back: #e8f0fb;
  --gained: #166c34; --gained-back: #e4f5ea; --lost: #b3261e; --lost-back: #fdecea; --changed: #855300; --changed-back: #fdf3dc;
  --mono: ui-monospace, SFMono-Regular, Menlo, "DejaVu Sans Mono", "Liberation Mono", monospace;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --back: #14171b; --panel: #1c2026; --line: #343b45; --strong-line: #7b8593; --text: #e4e8ed; --muted: #a2acb8; --link: #82b6ff;
    --error: #ff9c94; --error-back: #3b1d1c; --warning: #f0c263; --warning-back: #352a12; --note: #97c0fb; --note-back: #1b2a40;
    --gained: #7ad99a; --gained-back: #16301f; --lost: #ff9c94; --lost-back: #3b1d1c; --changed: #f0c263; --changed-back: #352a12;
  }
}
* { box-sizing: border-box; }
body { margin: 0; overflow-wrap: anywhere; background: var(--back); color: var(--text); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; }
header, main { max-width: 84rem; margin: 0 auto; padding: 0 1.5rem; }
header { padding-top: 2rem; }
main { padding-bottom: 4rem; }
h1, h2, h3, h4 { line-height: 1.25; }
h1 { margin: 0 0 .75rem; font-size: 1.75rem; font-weight: 650; letter-spacing: -.01em; }
h2 { margin: 3rem 0 1rem; padding-bottom: .4rem; border-bottom: 1px solid var(--line); font-size: 1.35rem; font-weight: 650; }
h3 { margin: 2rem 0 .75rem; font-size: 1.05rem; font-weight: 650; }
p { margin: .4rem 0; }
code { font: .875em/1.5 var(--mono); }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 3px; }
.skip { position: absolute; left: -99rem; padding: .5rem 1rem; background: var(--back); }
.skip:focus { left: 1rem; top: .5rem; z-index: 1; }
.verdict { display: inline-block; margin: 0 .75rem 0 0; padding: .2rem .7rem; border: 1.5px solid; border-radius: 4px; font-weight: 650; }
.verdict.fails { color: var(--error); background: var(--error-back); }
.verdict.passes { color: var(--gained); background: var(--gained-back); }
.counts { display: flex; flex-wrap: wrap; gap: .5rem 2.5rem; margin: 1.5rem 0; padding: 0; }
.counts div { display: flex; flex-direction: column-reverse; }
.counts dd { margin: 0; font-size: 1.75rem; font-weight: 600; line-height: 1.2; font-variant-numeric: tabular-nums; }
.counts dt { color: var(--muted); font-size: .875rem; }
.counts .zero dd { color: var(--muted); font-weight: 400; }
.counts .error dd { color: var(--error); }
.counts .warning dd { color: var(--warning); }
.counts .note dd { color: var(--note); }
nav ul { margin: 0; padding: 0; list-style: none; }
nav ul ul { display: flex; flex-wrap: wrap; gap: 0 1.25rem; padding-left: 1rem; }
#filter { display: flex; flex-wrap: wrap; gap: .75rem 1rem; align-items: end; padding: .9rem 1rem; background: var(--panel); border: 1px solid var(--line); border-radius: 6px; }
#filter[hidden] { display: none; }
#filter label { display: grid; gap: .15rem; flex: 1 1 9rem; min-width: 0; color: var(--muted); font-size: .8125rem; }
#filter label.wide { flex-basis: 15rem; }
input, select, button { width: 100%; min-height: 2.1rem; padding: .2rem .55rem; border: 1px solid var(--strong-line); border-radius: 4px; background: var(--back); color: var(--text); font: inherit; font-size: .9375rem; }
button { width: auto; padding: .2rem .9rem; cursor: pointer; }
#result { flex-basis: 100%; color: var(--muted); font-size: .875rem; }
.findings { margin: 1rem 0 0; padding: 0; list-style: none; }
.findings li { margin: 0 0 .75rem; padding: .85rem 1rem .8rem 1.1rem; border: 1px solid var(--line); border-left: 4px solid; border-radius: 4px; }
.findings li.error { border-left-color: var(--error); }
.findings li.warning { border-left-color: var(--warning); }
.findings li.note { border-left-color: var(--note); }
.findings h3 { margin: 0 0 .3rem; font-size: 1rem; }
.findings .meta { margin-top: .6rem; font-size: .8125rem; color: var(--muted); }
.badge { display: inline-block; padding: 0 .5rem; border: 1px solid; border-radius: 3px; font-size: .8125rem; font-weight: 600; line-height: 1.45; white-space: nowrap; }
.badge.error { color: var(--error); background: var(--error-back); }
.badge.warning { color: var(--warning); background: var(--warning-back); }
.badge.note { color: var(--note); background: var(--note-back); }
.badge.gained, .badge.create { color: var(--gained); background: var(--gained-back); }
.badge.lost, .badge.destroy, .badge.replace { color: var(--lost); background: var(--lost-back); }
.badge.changed, .badge.update, .badge.forget { color: var(--changed); background: var(--changed-back); }
.badge.none, .badge.unknown { color: var(--muted); background: var(--panel); }
.badge.lost, .badge.unknown { border-style: dashed; }
details { margin: 0 0 .75rem; border: 1px solid var(--line); border-radius: 4px; }
summary { padding: .55rem .9rem; cursor: pointer; }
summary h4 { display: inline; margin: 0 .5rem 0 0; font-size: .9375rem; font-weight: 600; }
details[open] > summary { border-bottom: 1px solid var(--line); }
details > :not(summary) { margin-left: .9rem; margin-right: .9rem; }
details > table { width: calc(100% - 1.8rem); }
table { width: 100%; margin: .5rem 0 1rem; border-collapse: collapse; font-size: .9rem; }
caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
th, td { padding: .4rem .75rem .4rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
thead th { color: var(--muted); font-size: .8125rem; font-weight: 600; border-bottom-color: var(--strong-line); overflow-wrap: normal; }
tbody th { min-width: 7rem; font-weight: 400; }
th.group { padding-top: .9rem; border-bottom: 0; }
th.group code { font-weight: 650; }
th.group div { color: var(--muted); font-size: .8125rem; }
details table { table-layout: fixed; }
td ul.limits { margin: .1rem 0 0; padding-left: 1rem; color: var(--muted); font-size: .8125rem; }
td ul.plain { margin: 0; padding: 0; list-style: none; color: inherit; font-size: inherit; }
.no { color: var(--muted); }
.statements { padding-left: 1.1rem; }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1.5rem; margin: .5rem 0; padding: 0; list-style: none; font-size: .8125rem; color: var(--muted); }
.legend li { display: flex; gap: .5rem; align-items: center; }
.drawing { overflow-x: auto; padding: .9rem 0; }
.drawing svg { display: block; min-width: 60rem; max-width: 100%; height: auto; }
svg text { font: 11px var(--mono); fill: var(--text); white-space: pre; }
svg .node rect { fill: var(--panel); stroke: var(--strong-line); }
svg .key rect { stroke-width: 2; }
svg .create rect { fill: var(--gained-back); stroke: var(--gained); }
svg .update rect, svg .forget rect { fill: var(--changed-back); stroke: var(--changed); }
svg .destroy rect, svg .replace rect { fill: var(--lost-back); stroke: var(--lost); stroke-dasharray: 6 3; }
.arrow { stroke: var(--strong-line); fill: none; stroke-width: 1.5; }
.arrow text { stroke: none; }
.arrow.gained { stroke: var(--gained); stroke-width: 3; }
.arrow.gained .head { fill: var(--gained); stroke: none; }
.arrow.lost { stroke: var(--lost); stroke-width: 2; }
.arrow.lost .line { stroke-dasharray: 7 4; }
.arrow.changed { stroke: var(--changed); stroke-width: 2; }
.arrow.changed .line { stroke-dasharray: 12 3 3 3; }
.arrow.changed .head { fill: var(--changed); stroke: none; }
.arrow.unknown .line { stroke-dasharray: 2 4; }
.arrow.iam .line { stroke-dasharray: 1 3; }
.arrow .head { stroke-dasharray: none; }
.arrow.gained text:first-of-type { fill: var(--gained); font-weight: 600; }
.arrow.lost text:first-of-type { fill: var(--lost); font-weight: 600; }
.arrow.changed text:first-of-type { fill: var(--changed); font-weight: 600; }
@media screen {
  .filtered { display: none; }
}
@media (max-width: 40rem) {
  header, main { padding-left: 1rem; padding-right: 1rem; }
  table { font-size: .8125rem; }
  td ul.limits { padding: 0; list-style: none; }
  details tr { display: grid; grid-template-columns: 1fr 1fr; border-bottom: 1px solid var(--line); }
  details tr > :first-child, details td:only-of-type { grid-column: 1 / -1; }
  details :is(th, td) { border-bottom: 0; }
  details tbody th + td, details td + td { padding-top: 0; }
}
@page { margin: 15mm; }
@media print {
  :root { color-scheme: light; }
  body { font-size: 10pt; }
  header, main { max-width: none; padding-left: 0; padding-right: 0; }
  .skip, #filter { display: none; }
  details::details-content { content-visibility: visible; display: block; height: auto; }
  .findings li, tr, summary { break-inside: avoid; }
  h2, h3, summary { break-after: avoid; }
  .drawing { overflow: visible; }
  .drawing svg { width: 100%; min-width: 0; }
}
`;
