import t from 'tap'
import { html, prose } from '../../../src/admin/pages/html.js'

t.test('html escapes every value that is not markup', async t => {
  const hostile = '"><script>alert(1)</script>\' onload=\'x & y'
  const text = '&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&#39; onload=&#39;x &amp; y'
  t.equal(`${html`<p title="${hostile}">${[hostile, [hostile]]}</p>`}`, `<p title="${text}">${text}${text}</p>`)
})

t.test('html keeps nested markup unchanged', async t => {
  t.equal(`${html`<ul>${['a', '<'].map(each => html`<li>${each}</li>`)}</ul>`}`, '<ul><li>a</li><li>&lt;</li></ul>')
})

t.test('html shows numbers, and nothing for undefined, false and empty values', async t => {
  t.equal(`${html`${0}|${undefined}|${false}|${''}|${[]}`}`, '0||||')
})

t.test('prose shows the text between backticks as code', async t => {
  t.equal(`${html`${prose('`a<b` and `c`, no more')}`}`, '<code>a&lt;b</code> and <code>c</code>, no more')
})
