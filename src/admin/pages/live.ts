import { html, type Content } from './html.js'

export interface LiveOptions {
  /** The page shows the events after this id. */
  readonly after: number
}

/**
 * The section in which the page's script shows live requests, in place of the table `kept`. It is hidden until the
 * script has a connection. Without `live`, azrun records no requests and only the table is shown.
 */
export function liveSection (live: LiveOptions | undefined, kept: Content): Content {
  return html`${live !== undefined && section(live)}
<section id="kept">
<h2>Last run commands</h2>
${kept}
${live === undefined && html`<p class="soft">This page does not follow requests: <code>--journal 0</code> records none.</p>`}
</section>`
}

function section ({ after }: LiveOptions): Content {
  return html`<section id="live" class="needs-script" data-after="${after}" aria-labelledby="live-title">
<div class="bar"><h2 id="live-title">Run commands and other operations</h2><span class="state" role="status"></span>
<button type="button" class="pause">Pause</button></div>
<form class="needs-token" hidden><p>To follow this azrun from another machine, enter its admin token, which it printed at its start.</p>
<label>Token <input type="password" name="token" autocomplete="off" required></label> <button class="primary">Follow</button></form>
<div class="bar filters"><label>Show <select class="view">
<option value="all">all requests</option><option value="findings">those with findings</option><option value="scenario">those with a scenario</option>
</select></label>
<label class="grow">Filter <input type="search" class="search" placeholder="machine, script, output, finding …" autocomplete="off" spellcheck="false"></label></div>
<p class="summary soft" aria-live="polite"></p>
<ol class="feed runs" role="list" aria-label="Run commands and other operations, the newest first"></ol>
<details class="others" hidden><summary></summary><ol class="feed" role="list" aria-label="Other requests, the newest first"></ol></details>
<h3>Active scenarios</h3>
<p class="no-scenarios soft">None is active.</p>
<ul class="scenarios" role="list"></ul>
</section>`
}
