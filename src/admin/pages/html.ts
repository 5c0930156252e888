/** Markup. `html` creates it and escapes all other text. */
export class Html {
  readonly #markup: string

  constructor (markup: string) {
    this.#markup = markup
  }

  toString (): string {
    return this.#markup
  }
}

/** What `html` accepts between markup: undefined and false stand for nothing. */
export type Content = Html | string | number | undefined | false | readonly Content[]

/** Markup with values in it, escaped for the text of an element and for a quoted attribute. */
export function html (markup: TemplateStringsArray, ...values: readonly Content[]): Html {
  return new Html(String.raw({ raw: markup }, ...values.map(toMarkup)))
}

/** A description from an OpenAPI document, which has names between backticks. */
export function prose (text: string): Content {
  return text.split('`').map((part, index) => index % 2 === 1 ? html`<code>${part}</code>` : part)
}

function toMarkup (value: Content): string {
  if (value === undefined || value === false) return ''
  if (value instanceof Html) return value.toString()
  if (typeof value === 'object') return value.map(toMarkup).join('')
  return String(value).replace(/[&<>"']/g, character => ESCAPES[character]!)
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
