import t from 'tap'
import { formats } from '../../src/environment/formats.js'

const variables = { PLAIN: 'https://127.0.0.1:1', PATH_OF: 'it\'s "mine" \\ $HOME\nAZRUN', TYPED: 'a\u2019b' }
const unset = ['GONE']

t.test('quotes values for a POSIX shell', async t => {
  t.equal(formats.sh(variables, unset), `unset GONE
export PLAIN='https://127.0.0.1:1'
export PATH_OF='it'\\''s "mine" \\ $HOME
AZRUN'
export TYPED='a\u2019b'
`)
})

t.test('escapes quotes and backslashes for fish', async t => {
  t.equal(formats.fish(variables, unset), `set -e GONE
set -gx PLAIN 'https://127.0.0.1:1'
set -gx PATH_OF 'it\\'s "mine" \\\\ $HOME
AZRUN'
set -gx TYPED 'a\u2019b'
`)
})

t.test('doubles quotes for PowerShell, including typographic ones', async t => {
  t.equal(formats.powershell(variables, unset), `$env:GONE = $null
$env:PLAIN = 'https://127.0.0.1:1'
$env:PATH_OF = 'it''s "mine" \\ $HOME
AZRUN'
$env:TYPED = 'a\u2019\u2019b'
`)
})

t.test('writes JSON with null for each variable to unset', async t => {
  t.strictSame(JSON.parse(formats.json(variables, unset)), { GONE: null, ...variables })
})

t.test('ends each value for GITHUB_OUTPUT with a delimiter that the value does not contain', async t => {
  t.equal(formats.github(variables), `PLAIN<<AZRUN
https://127.0.0.1:1
AZRUN
PATH_OF<<AZRUN_
it's "mine" \\ $HOME
AZRUN
AZRUN_
TYPED<<AZRUN
a\u2019b
AZRUN
`)
})
