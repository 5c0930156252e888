import t from 'tap'
import { html, prose } from '../../../src/admin/pages/html.js'

t.test('escapes every value that is not markup', async t => {
  const hostile = '"><script>alert(1)</script>\' onload=\'x & y'
  const text = '&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&#39; onload=&#39;x &amp; y'
  t.equal(`${html`<p title="${hostile}">${[hostile, [hostile]]}</p>`}`, `<p title="${text}">${text}${text}</p>`)
})

t.test('keeps markup as it is, inside other markup too', async t => {
  t.equal(`${html`<ul>${['a', '<'].map(each => html`<li>${each}</li>`)}</ul>`}`, '<ul><li>a</li><li>&lt;</li></ul>')
})

t.test('shows numbers, and nothing for what is missing or false', async t => {
  t.equal(`${html`${0}|${undefined}|${false}|${''}|${[]}`}`, '0||||')
})

t.test('shows what a description has between backticks as code', async t => {
  t.equal(`${html`${prose('`a<b` and `c`, no more')}`}`, '<code>a&lt;b</code> and <code>c</code>, no more')
})
