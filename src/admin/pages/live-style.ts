/** The style of the home page's live requests. */
export const liveStyle = `
[hidden], section.needs-script { display: none !important; }
.bar { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem .75rem; margin: 2.5rem 0 .75rem; }
.bar h2 { margin: 0; } .bar .pause { margin-left: auto; min-width: 5.25rem; padding-inline: .5rem; }
.bar.filters { margin: .75rem 0; font-size: .9rem; }
.bar label { display: flex; align-items: center; gap: .5rem; color: var(--soft); } .bar select { width: auto; }
.bar .grow { flex: 1 1 16rem; }
.state { font-size: .85rem; color: var(--soft); }
.state::before { content: ""; display: inline-block; width: .55rem; height: .55rem; margin-right: .4rem; border-radius: 50%; background: var(--soft); }
[data-state=live] > .bar .state::before { background: var(--good); } [data-state=gone] > .bar .state::before { background: var(--bad); }
[data-state=gone] > .bar .state { color: var(--bad); }
[data-state=locked] :is(.pause, .filters, h3, .no-scenarios) { display: none; }
.needs-token { display: grid; gap: .5rem; max-width: 30rem; margin: 1rem 0; }
.summary { font-size: .88rem; margin: .25rem 0; }
ol.feed, ul.scenarios { list-style: none; margin: .5rem 0; padding: 0; border-top: 1px solid var(--line); }
ol.feed:empty, ul.scenarios:empty { border: 0; }
ol.feed > li, ul.scenarios > li { border-bottom: 1px solid var(--line); }
ol.feed > .restart { padding: .5rem; color: var(--busy); font-size: .88rem; text-align: center; }
.feed[data-view=findings] > li:not(.has-findings), .feed[data-view=scenario] > li:not(.has-scenario) { display: none; }
.feed details { margin: 0; }
.feed summary {
  display: grid; grid-template-columns: 6rem minmax(0, 1fr) auto; gap: .1rem .75rem; align-items: baseline;
  width: auto; padding: .5rem .25rem; color: var(--text); list-style: none;
}
.feed summary::-webkit-details-marker { display: none; }
.feed summary:hover { background: var(--raised); }
.feed summary::before { content: none; }
.feed time { font: .82rem var(--mono); color: var(--soft); white-space: nowrap; }
.feed time::before { content: "▸ "; } .feed details[open] > summary time::before { content: "▾ "; }
.feed .what { overflow-wrap: anywhere; } .others .what, .detail .wide dd { font: .84rem/1.6 var(--mono); } .feed .result { display: flex; gap: .75rem; font-size: .9rem; text-align: right; }
.feed .more { grid-column: 2 / -1; display: flex; flex-wrap: wrap; gap: .3rem .5rem; align-items: center; min-width: 0; }
.feed .more code { max-width: 100%; overflow: hidden; white-space: nowrap; text-overflow: ellipsis; color: var(--soft); }
.tag { font-size: .76rem; line-height: 1.5; padding: 0 .5rem; border: 1px solid currentColor; border-radius: 1rem; overflow-wrap: anywhere; }
.tag.scenario { color: var(--accent); } .tag.soft { border-color: var(--line); }
.detail { padding: 0 .25rem .75rem 7rem; } .detail:empty { display: none; }
.detail pre { max-height: 24rem; overflow: auto; } .detail dd { font-size: .88rem; overflow-wrap: anywhere; }
.detail .facts { grid-template-columns: repeat(auto-fill, minmax(min(100%, 13rem), 1fr)); } .detail .wide { grid-column: 1 / -1; }
ul.findings { margin: 0; padding: 0; list-style: none; font-size: .9rem; } ul.findings li { padding: .15rem 0; }
details.others > summary { margin: 1rem 0 .5rem; } #live h3 { margin: 1.75rem 0 .5rem; }
ul.scenarios > li { display: flex; flex-wrap: wrap; gap: .2rem .6rem; align-items: baseline; padding: .45rem .25rem; font-size: .92rem; overflow-wrap: anywhere; }
@media (max-width: 40rem) {
  .feed summary { grid-template-columns: 6rem minmax(0, 1fr); } .feed .result { flex-wrap: wrap; }
  .feed .what { grid-column: 1 / -1; grid-row: 2; } .feed .result { grid-column: 2; grid-row: 1; justify-content: end; }
  .feed .more { grid-column: 1 / -1; } .detail { padding-left: .25rem; }
}
`
