import { ArmError } from '../errors/arm-error.js'
import { Counts } from './counts.js'
import { OperationUrls, YEAR_1, type OperationUrlsOptions, type OperationView } from './urls.js'

/**
 * URLs that move: each response to a poll in progress has a new URL of the same kind, and the polled one is then not
 * found. Azure's clients follow such URLs (@azure/core-lro, azcore). Their form is inferred.
 */
export class MovingUrls {
  readonly #plain: OperationUrls
  /** How often the URL has moved, by operation and kind of URL. */
  readonly #moves = new Counts()

  constructor (options: Omit<OperationUrlsOptions, 'form'>) {
    this.#plain = new OperationUrls({ ...options, form: 'plain' })
  }

  accepted (view: OperationView): { readonly status: string, readonly result: string } {
    const { operation } = view
    for (const isMonitor of [false, true]) this.#moves.reset(keyOf(operation.id, isMonitor))
    const { status, result } = this.#plain.accepted(view)
    return { status: at(status, view, 0), result: at(result, view, 0) }
  }

  again (view: OperationView): readonly string[] {
    const isMonitor = isResult(view)
    const { status, result } = this.#plain.accepted(view)
    const move = this.#moves.next(keyOf(view.operation.id, isMonitor))
    return isMonitor ? ['Location', at(result, view, move)] : ['Azure-AsyncOperation', at(status, view, move)]
  }

  check (view: OperationView): void {
    const { t } = view.request.query as { t?: string }
    if (t !== timeOf(view, this.#moves.get(keyOf(view.operation.id, isResult(view))))) throw new ArmError('NotFound')
  }
}

function isResult ({ request: { query } }: OperationView): boolean {
  return (query as { monitor?: string }).monitor !== undefined
}

function keyOf (operationId: string, isMonitor: boolean): string {
  return `${operationId} ${isMonitor}`
}

function at (url: string, view: OperationView, move: number): string {
  return `${url}&t=${timeOf(view, move)}`
}

/** The parameter `t`, which is a time in signed URLs: here .NET's ticks of the start, plus a tick for each move. */
function timeOf ({ operation: { startTime } }: OperationView, move: number): string {
  return `${startTime + YEAR_1}${`${move}`.padStart(4, '0')}`
}
