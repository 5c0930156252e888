import { createHash } from 'node:crypto'
import { html, Html, type Content } from './html.js'
import { script as everyScript } from './script.js'
import { style } from './style.js'

/** What differs from page to page. */
export interface Page {
  readonly title: string
  /** The path of the page, as in the navigation. */
  readonly path: string
  readonly main: Content
  /** The token that the page's script sends with its requests. */
  readonly token: string
  /** The page's own script, which follows that of every page. */
  readonly script: string
}

/** A page as it is sent. */
export interface Document {
  readonly headers: Readonly<Record<string, string>>
  readonly markup: string
}

/**
 * The headers of a page. They allow only its own style and script, by their hashes. No other page can frame or read it,
 * and nothing caches it, because it holds a token.
 */
function headersOf (source: string): Document['headers'] {
  return {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': [
      "default-src 'none'",
      `style-src '${sourceHash(style)}'`,
      `script-src '${sourceHash(source)}'`,
      "connect-src 'self'",
      'img-src data:',
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'"
    ].join('; '),
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Cache-Control': 'no-store'
  }
}

const NAVIGATION = [
  ['/_emulator/', 'Home'],
  ['/_emulator/docs', 'Resource Manager'],
  ['/_emulator/docs/entra', 'Microsoft Entra'],
  ['/_emulator/docs/admin', 'API for tests']
] as const

/** The icon is a prompt: a chevron and a line. */
const ICON = 'data:image/svg+xml,' + encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">' +
  '<rect width="16" height="16" rx="4" fill="#0a66c2"/>' +
  '<path d="M4 5l3 3-3 3M8.5 11.5H12" fill="none" stroke="#fff" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round"/></svg>')

/** A whole document and its headers. */
export function documentOf ({ title, path, main, token, script }: Page): Document {
  const source = everyScript + script
  const links = NAVIGATION.map(([href, name]) =>
    html`<a href="${href}"${href === path && new Html(' aria-current="page"')}>${name}</a>\n`)
  const markup = html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="azrun-page" content="${token}">
<title>${title}</title>
<link rel="icon" href="${ICON}">
<style>${new Html(style)}</style>
</head>
<body>
<header><div><a class="brand" href="/_emulator/"><img src="${ICON}" alt="" width="22" height="22">azrun</a><nav>${links}</nav></div></header>
<main>
${main}
</main>
${scriptElement(source)}
</body>
</html>
`
  return { headers: headersOf(source), markup: markup.toString() }
}

/** Not in the page's template: a bundler would replace a tagged template that ends a script. */
function scriptElement (source: string): Html {
  return new Html(`<script>${source}</script>`)
}

function sourceHash (source: string): string {
  return `sha256-${createHash('sha256').update(source).digest('base64')}`
}
