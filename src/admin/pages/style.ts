import { liveStyle } from './live-style.js'

/** The style of every page: one column, light or dark like the system, and nothing wider than the window. */
export const style = `
:root {
  color-scheme: light dark;
  --back: #fff; --raised: #f6f8fa; --line: #d8dee4; --text: #1f2328; --soft: #59636e;
  --accent: #0a5fb8; --good: #1a7f37; --bad: #c1232c; --busy: #8a5a00;
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --back: #0f1318; --raised: #181e25; --line: #2d353f; --text: #e3e8ee; --soft: #98a3b0;
    --accent: #6cb2ff; --good: #56c46f; --bad: #ff7b72; --busy: #e0b050;
  }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 4.5rem; -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--back); color: var(--text);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif;
  overflow-wrap: break-word;
}
body > header { position: sticky; top: 0; z-index: 1; background: var(--back); border-bottom: 1px solid var(--line); }
body > header > div, main { max-width: 66rem; margin: auto; padding: 0 1.25rem; }
body > header > div { display: flex; align-items: center; gap: .25rem 1.5rem; min-height: 3.25rem; flex-wrap: wrap; }
main { padding-bottom: 4rem; }
.brand { display: flex; gap: .5rem; align-items: center; font-weight: 650; color: var(--text); text-decoration: none; }
nav { display: flex; gap: .25rem 1.25rem; flex-wrap: wrap; }
nav a { color: var(--soft); text-decoration: none; padding: .25rem 0; }
nav a[aria-current] { color: var(--text); box-shadow: 0 2px var(--accent); }
a { color: var(--accent); text-underline-offset: .15em; }
h1 { font-size: 1.75rem; line-height: 1.25; letter-spacing: -.015em; margin: 2rem 0 .5rem; }
h2 { font-size: 1.2rem; line-height: 1.3; margin: 2.5rem 0 .75rem; }
h3 { font-size: 1.05rem; margin: 0; }
h4 { font-size: .8rem; font-weight: 600; color: var(--soft); margin: 1.25rem 0 .4rem; overflow-wrap: anywhere; }
p { margin: .5rem 0; max-width: 46rem; }
.soft, small { color: var(--soft); }
code, pre, textarea, input, select { font-family: var(--mono); font-size: .84rem; overflow-wrap: anywhere; }
pre {
  position: relative; margin: .5rem 0; padding: .75rem 1rem; background: var(--raised);
  border: 1px solid var(--line); border-radius: .5rem; white-space: pre-wrap; line-height: 1.5;
}
pre.copyable { padding-right: 5.5rem; word-break: break-all; }
table { width: 100%; border-collapse: collapse; font-size: .94rem; }
th { text-align: left; font-size: .8rem; font-weight: 600; color: var(--soft); white-space: nowrap; }
th, td { padding: .45rem 1.25rem .45rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th:last-child, td:last-child { padding-right: 0; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
td.close { white-space: nowrap; } td.name { min-width: 6rem; overflow-wrap: anywhere; }
.good { color: var(--good); } .bad { color: var(--bad); } .busy { color: var(--busy); }
dl.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(10rem, 1fr)); gap: .75rem 1.5rem; margin: .75rem 0; }
dl.facts dt { font-size: .8rem; color: var(--soft); } dl.facts dd { margin: 0; }
ul.plain { list-style: none; margin: .5rem 0; padding: 0; } ul.plain li { padding: .15rem 0; }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(16rem, 1fr)); gap: 0 2rem; }
.columns ul { margin: 0; padding-left: 1.1rem; } .contents ul { padding: 0; } .contents a { text-decoration: none; }
.contents a:hover { text-decoration: underline; }
section.operation { border: 1px solid var(--line); border-radius: .6rem; padding: 1rem 1.25rem; margin: 1rem 0; }
section.operation:target { border-color: var(--accent); }
section.operation h3 a { color: inherit; text-decoration: none; }
.route { margin: .35rem 0; }
.method { font: 700 .75rem var(--mono); color: var(--accent); margin-right: .4rem; }
.instances { list-style: none; margin: 0; padding: 0; }
.type { color: var(--soft); } .required { color: var(--busy); font-size: .8rem; }
ul.schema { list-style: none; margin: .25rem 0; padding-left: 1rem; border-left: 2px solid var(--line); }
ul.schema li { padding: .15rem 0; }
details { margin: .6rem 0; } details[open] { margin-bottom: 1rem; }
summary { cursor: pointer; color: var(--accent); width: fit-content; }
details.response > summary { color: var(--text); width: auto; } details.response { margin: .3rem 0; }
details.try > summary {
  list-style: none; padding: .3rem 1rem; border: 1px solid var(--accent); border-radius: .4rem;
  font-size: .9rem; font-weight: 600;
}
details.try > summary::-webkit-details-marker { display: none; }
details.try { margin-top: 1.1rem; }
form.try { display: grid; gap: .6rem; margin: .75rem 0; }
form.try label { display: grid; grid-template-columns: 11rem minmax(0, 1fr); gap: 0 1rem; align-items: center; }
form.try > * { min-width: 0; } form.try label.body { align-items: start; }
input, select, textarea {
  width: 100%; padding: .4rem .6rem; color: var(--text); background: var(--back);
  border: 1px solid var(--line); border-radius: .4rem;
}
textarea { resize: vertical; line-height: 1.45; }
button {
  font: inherit; font-size: .85rem; padding: .35rem 1rem; border-radius: .4rem; cursor: pointer;
  color: var(--text); background: var(--back); border: 1px solid var(--line);
}
button:hover { border-color: var(--accent); }
button.primary { color: var(--back); background: var(--accent); border-color: var(--accent); font-weight: 600; width: fit-content; }
pre > button { position: absolute; top: .5rem; right: .5rem; padding: .15rem .6rem; font-size: .78rem; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
output { display: block; }
form.needs-script { display: none; }
@media (max-width: 40rem) {
  body > header { position: static; } html { scroll-padding-top: 1rem; }
  body > header > div { padding: .7rem 1.25rem .4rem; } nav { gap: .25rem 1rem; font-size: .92rem; }
  thead { display: none; }
  table, tbody, tr, td { display: block; width: auto; }
  tr { padding: .5rem 0; border-bottom: 1px solid var(--line); }
  td, td.number { display: grid; grid-template-columns: 7rem minmax(0, 1fr); padding: .1rem 0; border: 0; text-align: left; }
  td::before { content: attr(data-label); color: var(--soft); font-size: .8rem; line-height: 1.9; }
  section.operation { padding: .9rem; }
  form.try label { grid-template-columns: minmax(0, 1fr); }
  pre.copyable { padding-right: 1rem; padding-bottom: 2.6rem; } pre > button { top: auto; bottom: .5rem; }
}
${liveStyle}`
