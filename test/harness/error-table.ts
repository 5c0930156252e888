import type { ErrorEntry } from '../../src/arm/errors/entry.js'
import { errors } from '../../src/arm/errors/table.js'

const LAYERS = { gateway: 'Resource Manager', service: 'Compute', azrun: 'azrun' } as const

/** The table of errors in docs/errors.md. */
export function errorTable (): string {
  const rows = Object.entries<ErrorEntry>(errors).map(([name, entry]) => {
    const { status, code = name, message, layer, service = LAYERS[layer], source } = entry
    return [`${status}`, `\`${code}\``, escaped(message), service, source, `\`${name}\``]
  })
  const head = ['Status', 'Code', 'Message', 'Sent by', 'Source', 'Entry']
  return [head, head.map(() => '---'), ...rows].map(cells => `| ${cells.join(' | ')} |`).join('\n')
}

function escaped (text: string): string {
  return text.replaceAll(/[|<>]/g, '\\$&').replaceAll('\r\n', '<br>')
}
