import { callOf, groupBy, isStart, requestKeyOf, type Call } from './call.js'
import { operationStories, type OperationStory } from './operation-story.js'
import type { Run } from './run.js'

/** A run in the form that the rules read. */
export interface RunStory {
  readonly run: Run
  /** The calls in the order of their sequence. */
  readonly calls: readonly Call[]
  readonly operations: readonly OperationStory[]
  /** The operations by the requests that started them. */
  readonly started: ReadonlyMap<Call, OperationStory>
  /** Each list has a client's calls with the same request, in the order in which they were sent. */
  readonly tries: ReadonlyArray<readonly Call[]>
  /** The lists in `tries` of requests that start operations. */
  readonly starts: ReadonlyArray<readonly Call[]>
  /** The lists in `tries` of run commands: the same script on the same machine. */
  readonly commands: ReadonlyArray<readonly Call[]>
}

/** Groups the entries of a run by operations, and by requests that a client sent again. */
export function storyOf (run: Run): RunStory {
  const calls = run.entries.map(callOf)
  const operations = operationStories(calls)
  const tries = groupBy(calls, requestKeyOf)
  return {
    run,
    calls,
    operations,
    started: new Map(operations.flatMap(operation =>
      operation.start === undefined ? [] : [[operation.start, operation]])),
    tries,
    starts: tries.filter(([first]) => isStart(first!)),
    commands: tries.filter(([first]) => first!.kind === 'runCommand')
  }
}
