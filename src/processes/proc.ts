import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** The facts about a process from proc(5). Without /proc, as on macOS, these functions find no process. */
export interface ProcessStat {
  readonly group: number
  /** The leader of its session. */
  readonly session: number
  /** The process group that its terminal's keys signal. */
  readonly foreground: number
  /** In clock ticks since the machine booted. Together with the id, it identifies a process for ever. */
  readonly startTime: number
}

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
 * Whether the process runs. The start time, which is undefined without /proc, distinguishes it from a later process
 * with the same id.
 */
export function isRunning (pid: number, startTime: number | undefined): boolean {
  return startTime === undefined ? exists(pid) : statOf(pid)?.startTime === startTime
}

function exists (pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // Another user's process exists, but may not be signalled.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/**
 * Whether the process was started with a variable whose assignment (`NAME=value`) begins like this. Undefined during
 * exec, when a process has no visible environment.
 */
export function hasVariable (pid: number, assignment: string): boolean | undefined {
  const environment = read(`${pid}/environ`)
  if (environment === undefined) return false
  if (environment === '' && isBetweenPrograms(pid)) return undefined
  return `\0${environment}`.includes(`\0${assignment}`)
}

/** Whether this process may not read the environment of another. Even root needs the right to trace it. */
export function isHidden (pid: number): boolean {
  try {
    readFileSync(`/proc/${pid}/environ`)
    return false
  } catch (error) {
    return ['EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code!)
  }
}

/** Whether a process is in exec: it has a program, unlike a kernel thread, but no arguments yet. */
function isBetweenPrograms (pid: number): boolean {
  if (read(`${pid}/cmdline`) !== '') return false
  try {
    return readlinkSync(`/proc/${pid}/exe`) !== ''
  } catch {
    return false
  }
}

/** The id of the youngest process. Ids are assigned in order, then from the lowest one again. */
export function lastProcessId (): number {
  return Number(read('loadavg')?.trim().split(' ').at(-1) ?? 0)
}

/** An id of this boot of this machine; undefined if unknown. */
export function bootId (): string | undefined {
  return read('sys/kernel/random/boot_id')?.trim()
}

function read (file: string): string | undefined {
  try {
    return readFileSync(`/proc/${file}`, 'latin1')
  } catch {
    // The process is gone, or is another user's.
    return undefined
  }
}
