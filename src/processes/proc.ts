import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** What proc(5) says about a process. Without /proc, as on macOS, these functions find no process. */
export interface ProcessStat {
  readonly group: number
  /** The leader of its session. */
  readonly session: number
  /** The process group that its terminal's keys signal. */
  readonly foreground: number
  /** In clock ticks since the machine booted. Together with the id, it identifies a process for ever. */
  readonly startTime: number
}

/** The ids of all processes; empty without /proc. */
export function processIds (): number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger)
  } catch {
    return []
  }
}

/** Undefined for a process that has ended, even if its parent has not waited for it yet. */
export function statOf (pid: number): ProcessStat | undefined {
  // The name can contain anything. After it come state, ppid, pgrp, session, tty_nr, tpgid and, as field 22, the start.
  const fields = read(`${pid}/stat`)?.replace(/^.*\) /s, '').split(' ')
  if (fields === undefined || ['Z', 'X'].includes(fields[0]!)) return undefined
  const [, , group, session, , foreground] = fields.map(Number) as [number, number, number, number, number, number]
  return { group, session, foreground, startTime: Number(fields[19]) }
}

/**
 * Whether the process runs. The start time distinguishes it from a later one with the same id. It is undefined without
 * /proc.
 */
export function isRunning (pid: number, startTime: number | undefined): boolean {
  return startTime === undefined ? exists(pid) : statOf(pid)?.startTime === startTime
}

function exists (pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // The process exists, but belongs to another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/**
 * Whether the process was started with a variable whose assignment (`NAME=value`) begins with `assignment`. Undefined
 * while it is executing another program: it then shows no environment.
 */
export function hasVariable (pid: number, assignment: string): boolean | undefined {
  let environment = read(`${pid}/environ`)
  if (environment === '') {
    if (isBetweenPrograms(pid)) return undefined
    // The next program may have begun since.
    environment = read(`${pid}/environ`)
  }
  if (environment === undefined) return false
  return `\0${environment}`.includes(`\0${assignment}`)
}

/** Whether this process may not read the environment of another. Even root needs the right to trace for that. */
export function isHidden (pid: number): boolean {
  try {
    readFileSync(`/proc/${pid}/environ`)
    return false
  } catch (error) {
    return ['EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code!)
  }
}

/** Whether a process has no arguments yet. Unlike a kernel thread, it has a program. */
function isBetweenPrograms (pid: number): boolean {
  if (read(`${pid}/cmdline`) !== '') return false
  try {
    return readlinkSync(`/proc/${pid}/exe`) !== ''
  } catch {
    return false
  }
}

/** The id of the youngest process. The system assigns ids in order, and then starts again at the lowest. */
export function lastProcessId (): number {
  return Number(read('loadavg')?.trim().split(' ').at(-1) ?? 0)
}

/** The id of this boot of this machine; undefined if it is not known. */
export function bootId (): string | undefined {
  return read('sys/kernel/random/boot_id')?.trim()
}

function read (file: string): string | undefined {
  try {
    return readFileSync(`/proc/${file}`, 'latin1')
  } catch {
    // The process has ended, or belongs to another user.
    return undefined
  }
}
