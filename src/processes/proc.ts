import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** What proc(5) says of a process. Where there is no /proc, as on macOS, these functions find no process. */
export interface ProcessStat {
  readonly group: number
  /** The leader of its session. */
  readonly session: number
  /** The process group that its terminal's keys signal. */
  readonly foreground: number
  /** In clock ticks since the machine booted: with the id, it names a process for ever. */
  readonly startTime: number
}

export function processIds (): number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger)
  } catch {
    return []
  }
}

/** Undefined for a process that is gone, also where nobody has waited for it yet. */
export function statOf (pid: number): ProcessStat | undefined {
  // The name may contain anything; then come state, ppid, pgrp, session, tty_nr, tpgid and, as field 22, the start.
  const fields = read(`${pid}/stat`)?.replace(/^.*\) /s, '').split(' ')
  if (fields === undefined || ['Z', 'X'].includes(fields[0]!)) return undefined
  const [, , group, session, , foreground] = fields.map(Number) as [number, number, number, number, number, number]
  return { group, session, foreground, startTime: Number(fields[19]) }
}

/**
 * Whether the process runs. The start time, which is undefined where there is no /proc, tells it from a later one with
 * the same id.
 */
export function isRunning (pid: number, startTime: number | undefined): boolean {
  return startTime === undefined ? exists(pid) : statOf(pid)?.startTime === startTime
}

function exists (pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // Another user's process may not be signalled, but it is there.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/**
 * Whether the process was started with a variable whose assignment (`NAME=value`) begins so. Undefined at the moment in
 * which it turns into another program: it then shows no environment.
 */
export function hasVariable (pid: number, assignment: string): boolean | undefined {
  const environment = read(`${pid}/environ`)
  if (environment === undefined) return false
  if (environment === '' && isBetweenPrograms(pid)) return undefined
  return `\0${environment}`.includes(`\0${assignment}`)
}

/** Whether this process may not read the environment of another; root, too, needs the right to trace others. */
export function isHidden (pid: number): boolean {
  try {
    readFileSync(`/proc/${pid}/environ`)
    return false
  } catch (error) {
    return ['EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code!)
  }
}

/** It has a program, as a thread of the kernel has not, but no arguments yet. */
function isBetweenPrograms (pid: number): boolean {
  if (read(`${pid}/cmdline`) !== '') return false
  try {
    return readlinkSync(`/proc/${pid}/exe`) !== ''
  } catch {
    return false
  }
}

/** The id of the youngest process; ids are given in order, and then from the lowest one again. */
export function lastProcessId (): number {
  return Number(read('loadavg')?.trim().split(' ').at(-1) ?? 0)
}

/** Which start of which machine this is; undefined if it is not known. */
export function bootId (): string | undefined {
  return read('sys/kernel/random/boot_id')?.trim()
}

function read (file: string): string | undefined {
  try {
    return readFileSync(`/proc/${file}`, 'latin1')
  } catch {
    // Gone, or another user's.
    return undefined
  }
}
