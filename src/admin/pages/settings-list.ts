import { html, type Content } from './html.js'

/** Each plain setting, with its flag. Leaves out declarations, which have secrets. */
export function settingsList (settings: object): Content[] {
  const plain = Object.entries(settings).filter(([, value]) => isPlain(value))
  return plain.map(([name, value]) =>
    html`<div><dt>${flag(name)}</dt><dd><code>${shown(value)}</code></dd></div>`)
}

function flag (name: string): string {
  return `--${name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`
}

function isPlain (value: unknown): boolean {
  return ['string', 'number', 'boolean'].includes(typeof value) ||
    (Array.isArray(value) && value.length > 0 && value.every(each => typeof each === 'string'))
}

function shown (value: unknown): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off'
  return Array.isArray(value) ? value.join(', ') : String(value)
}
