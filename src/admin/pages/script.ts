/** The beginning of every page's script: copy buttons, and a function that builds elements without markup. */
export const script = `'use strict'
/** The token by which azrun recognizes requests of its own pages. */
let token = document.querySelector('meta[name="azrun-page"]').content

/** An element with text and properties. */
function element (name, text = '', attributes = {}) {
  const made = Object.assign(document.createElement(name), attributes)
  made.textContent = text
  return made
}

for (const block of document.querySelectorAll('pre.copyable')) {
  const text = block.textContent
  const button = element('button', 'Copy', { type: 'button' })
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(text)
      button.textContent = 'Copied'
    } catch {
      // No clipboard at an address that is neither https nor loopback: the text is selected instead.
      getSelection().selectAllChildren(block.firstChild)
      button.textContent = 'Selected'
    }
  })
  block.append(button)
}
`
