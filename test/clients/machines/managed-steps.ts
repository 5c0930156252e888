import { TIME, type Part, type Step } from './step.js'

const expand = 'instanceView'

const COMMAND = { location: 'westeurope', provisioningState: 'Succeeded', timeoutInSeconds: 0, asyncExecution: false }
const ENDED = { error: '', startTime: TIME, endTime: TIME }
const SUCCEEDED = { ...ENDED, executionState: 'Succeeded', executionMessage: 'Execution completed', exitCode: 0 }
const FAILED = { ...ENDED, executionState: 'Failed' }

/** Steps with managed run commands of a machine or an instance. */
export function managed (where: string, on: Pick<Step, 'vm' | 'set' | 'instance'>, folder: string): Part[] {
  const source = (script: string) => ({ location: 'westeurope', source: { script } })
  const command = { ...on, name: 'greet' }
  const script = 'echo "$greeting $1 $secret"; echo oh >&2'
  const greet = {
    ...source(script),
    tags: { team: 'red' },
    parameters: [{ name: 'greeting', value: 'Good morning,' }, { name: '', value: 'Ada' }],
    protectedParameters: [{ name: 'secret', value: 'hush' }],
    timeoutInSeconds: 60
  }
  const greets = { ...COMMAND, name: 'greet', tags: greet.tags, script, parameters: ['greeting=Good morning,', '=Ada'], timeoutInSeconds: 60 }
  const patched = { ...COMMAND, name: 'greet', tags: greet.tags, script: 'echo patched' }
  const go = `${folder}/go-${on.vm ?? on.instance}`
  const waits = `until [ -e '${go}' ]; do sleep 0.02; done; echo on`
  const waiting = { ...COMMAND, name: 'waits', script: waits, asyncExecution: true }
  const fails = { ...COMMAND, name: 'fails', script: 'echo so far; exit 3' }
  const failed = { ...FAILED, executionMessage: terminated(3), exitCode: 3, output: 'so far\n' }
  const late = { ...COMMAND, name: 'late', script: 'sleep 60', timeoutInSeconds: 1 }
  return [
    {
      title: `creates, reads, changes, lists and deletes a managed run command of ${where}`,
      steps: [
        { call: 'command.create', ...command, body: greet, sees: greets },
        { call: 'command.get', ...command, sees: greets },
        {
          call: 'command.get',
          ...command,
          expand,
          sees: { ...greets, ...SUCCEEDED, output: 'Good morning, Ada hush\n', error: 'oh\n' }
        },
        { call: 'command.update', ...command, body: { source: { script: 'echo patched' } }, sees: patched },
        { call: 'command.get', ...command, expand, sees: { ...patched, ...SUCCEEDED, output: 'patched\n' } },
        { call: 'command.create', ...on, name: 'other', body: source('true'), sees: { ...COMMAND, name: 'other', script: 'true' } },
        { call: 'command.list', ...on, sees: [patched, { ...COMMAND, name: 'other', script: 'true' }] },
        { call: 'command.delete', ...command },
        { call: 'command.delete', ...on, name: 'other' },
        { call: 'command.delete', ...on, name: 'other' },
        { call: 'command.list', ...on, sees: [] },
        {
          call: 'command.get',
          ...command,
          error: { code: 'ResourceNotFound', status: 404, message: /runCommands\/greet' under resource group 'rg' was not found/ }
        }
      ]
    },
    {
      title: `runs an asynchronous managed run command of ${where} beside another one`,
      steps: [
        { call: 'command.create', ...on, name: 'waits', body: { ...source(waits), asyncExecution: true }, sees: waiting },
        {
          call: 'command.get',
          ...on,
          name: 'waits',
          expand,
          sees: { ...waiting, executionState: 'Running', executionMessage: 'Execution in progress', exitCode: 0, output: '', error: '', startTime: TIME }
        },
        { call: 'command.create', ...on, name: 'goes', body: source(`: > '${go}'`), sees: { ...COMMAND, name: 'goes', script: `: > '${go}'` } },
        { call: 'command.ended', ...on, name: 'waits', expand, sees: { ...waiting, ...SUCCEEDED, output: 'on\n' } }
      ]
    },
    {
      title: `sees a timeout and a failed script of a managed run command of ${where}`,
      steps: [
        {
          call: 'command.create',
          ...on,
          name: 'late',
          body: { ...source('sleep 60'), timeoutInSeconds: 1 },
          sees: late
        },
        {
          call: 'command.get',
          ...on,
          name: 'late',
          expand,
          sees: { ...late, ...FAILED, executionState: 'TimedOut', executionMessage: terminated(-1), exitCode: -1, output: '' }
        },
        { call: 'command.create', ...on, name: 'fails', body: source(fails.script), sees: fails },
        { call: 'command.get', ...on, name: 'fails', expand, sees: { ...fails, ...failed } }
      ]
    },
    {
      title: `gets the error of the operation with treatFailureAsDeploymentFailure on ${where}`,
      needs: 'treatFailureAsDeploymentFailure',
      steps: [
        {
          call: 'command.create',
          ...on,
          name: 'fails',
          body: { ...source(fails.script), treatFailureAsDeploymentFailure: true },
          error: { code: 'VMExtensionProvisioningError', message: /'Execution failed: .*exit status=3'/ }
        },
        {
          call: 'command.get',
          ...on,
          name: 'fails',
          expand,
          sees: { ...fails, ...failed, provisioningState: 'Failed', treatFailureAsDeploymentFailure: true }
        }
      ]
    }
  ]
}

function terminated (exitStatus: number): string {
  return `Execution failed: failed to execute command: command terminated with exit status=${exitStatus}`
}
