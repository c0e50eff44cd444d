/** The one style sheet of a report: a calm document on a screen in both themes, and on A4. Contrast is at least 4.5 to 1 in both. */
export const STYLE = `:root { --ink: #1b1f24; --soft: #57606a; --paper: #ffffff; --line: #d0d7de; --band: #f6f8fa; --good: #116329; --bad: #b3261e; --open: #7a4d00; --sim-ink: #3b2300; --sim: #ffd8a8; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6edf3; --soft: #9aa4ae; --paper: #14181d; --line: #39414a; --band: #1c2127; --good: #6fdd8b; --bad: #ff9b93; --open: #f0c060; --sim-ink: #ffe3bf; --sim: #5a3a10; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 14px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif; font-variant-numeric: tabular-nums; }
main { max-width: 62rem; margin: 0 auto; padding: 1.5rem 1.5rem 2rem; }
.simulated { position: sticky; top: 0; z-index: 1; margin: 0; padding: .35rem 1.5rem; background: var(--sim); color: var(--sim-ink); font-weight: 600; text-align: center; letter-spacing: .02em; }
.headline { margin: 0 0 .75rem; color: var(--soft); font-size: 15px; }
h1 { margin: 0 0 1rem; font-size: 24px; line-height: 1.25; font-weight: 650; overflow-wrap: anywhere; }
.tag { display: inline-block; padding: .1em .5em; border: 1px solid currentColor; border-radius: 4px; background: var(--sim); color: var(--sim-ink); font-size: 13px; font-weight: 600; vertical-align: middle; letter-spacing: .04em; }
h2 { margin: 2rem 0 .5rem; padding-top: .75rem; border-top: 1px solid var(--line); font-size: 17px; font-weight: 650; }
p { margin: .5rem 0; overflow-wrap: anywhere; }
ul { margin: .25rem 0 .75rem; padding-left: 1.25rem; }
li { margin: .2rem 0; overflow-wrap: anywhere; }
.verdict { padding: .75rem 1rem; border: 1px solid var(--line); border-left: 6px solid var(--tone); border-radius: 4px; background: var(--band); }
.verdict p { margin: 0; }
.verdict .label { color: var(--tone); font-size: 18px; font-weight: 650; }
.good { --tone: var(--good); }
.bad { --tone: var(--bad); }
.open { --tone: var(--open); }
.mark { color: var(--tone); font-weight: 600; display: inline-block; padding-left: 1.2em; text-indent: -1.2em; overflow-wrap: normal; }
.mark::before { display: inline-block; width: 1.2em; text-indent: 0; }
.mark.good::before { content: "\\2713" / ""; }
.mark.bad::before { content: "\\2715" / ""; }
.mark.open::before { content: "?" / ""; }
.scroll { overflow-x: auto; margin: .5rem 0 1rem; }
.scroll:focus-visible { outline: 2px solid var(--ink); outline-offset: 2px; }
table { width: 100%; border-collapse: collapse; }
.facts { margin: .5rem 0 1rem; }
caption { padding: .25rem 0 .4rem; color: var(--soft); text-align: left; }
th, td { padding: .35rem .6rem; border-top: 1px solid var(--line); border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; overflow-wrap: anywhere; }
thead th { background: var(--band); font-weight: 600; }
tbody th { font-weight: 500; }
.facts th { width: 14rem; color: var(--soft); }
.grid { table-layout: fixed; min-width: 40rem; }
code { font: 12.5px/1.5 ui-monospace, "Cascadia Mono", Consolas, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
footer { max-width: 62rem; margin: 0 auto; padding: .75rem 1.5rem 2rem; color: var(--soft); font-size: 12.5px; overflow-wrap: anywhere; }
@page { size: A4; margin: 16mm 15mm 18mm; }
@media print {
  :root { --ink: #000000; --soft: #444444; --paper: #ffffff; --line: #bbbbbb; --band: #f2f2f2; --good: #0b4f1f; --bad: #8c1d18; --open: #5c3a00; --sim-ink: #3b2300; --sim: #ffe8cc; }
  body { font-size: 9.5pt; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  main, footer { max-width: none; padding: 0; }
  /* A table whose head is the mark: browsers repeat the head of a table on every page. */
  body { display: table; width: 100%; table-layout: fixed; }
  .simulated { display: table-header-group; break-inside: avoid; background: none; }
  .simulated span { display: block; margin-bottom: 4mm; padding: 1mm; border: 1px solid currentColor; background: var(--sim); text-align: center; }
  h1 { font-size: 17pt; }
  h2 { font-size: 12.5pt; break-after: avoid; }
  caption, thead, tr, .verdict { break-inside: avoid; }
  thead { display: table-header-group; }
  .scroll { overflow: visible; }
  .grid { min-width: 0; }
  code { font-size: 8.5pt; }
}
`;
