/** Characters that XML 1.0 cannot contain even escaped, such as lone surrogates: https://www.w3.org/TR/xml/#charsets */
// eslint-disable-next-line no-control-regex
const FORBIDDEN = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\p{Cs}]/gu

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** An element with children, which are XML already, or with text. */
export function element (name: string, attributes: Readonly<Record<string, string | number>>,
  content: string | readonly string[] = []): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${attribute(`${value}`)}"`).join('')
  if (typeof content === 'string') return `<${name}${written}>${text(content)}</${name}>`
  if (content.length === 0) return `<${name}${written}/>`
  return `<${name}${written}>\n${content.join('\n')}\n</${name}>`
}

function text (value: string): string {
  return value.replaceAll(FORBIDDEN, '\ufffd').replaceAll(/[&<>"]/g, found => ESCAPES[found]!)
}

/** Also escapes line breaks and tabs, which a parser would turn into spaces. */
function attribute (value: string): string {
  return text(value).replaceAll(/[\t\n\r]/g, found => `&#${found.charCodeAt(0)};`)
}
