/** Azure's InstanceViewStatus, as Run Command fills it. */
export interface Status {
  readonly code: string
  readonly level: 'Info'
  readonly displayStatus: string
  readonly message: string
}

export interface RunCommandResult {
  readonly value: readonly Status[]
}
