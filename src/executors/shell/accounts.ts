import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { ExecutionError } from '../executor.js'

/** A user of this machine, from passwd(5). */
export interface Account {
  readonly name: string
  readonly uid: number
  readonly gid: number
  readonly home: string
}

/** The account of a user for a script. Throws an `ExecutionError` if the script cannot run as this user. */
export async function accountOf (user: string): Promise<Account> {
  if (process.geteuid?.() !== 0) {
    throw new ExecutionError('RunAsNeedsRoot', `The script must run as '${user}', and only root can run something as ` +
      'another user: run azrun as root, or leave out the user.')
  }
  const account = parse(user, read('/etc/passwd')) ?? parse(user, await entry(user))
  if (account === undefined) {
    throw new ExecutionError('RunAsUserNotFound', `The script must run as '${user}', but the machine that runs azrun ` +
      'has no such user.')
  }
  return account
}

/** The line of passwd(5). getent also finds users that are in no file, such as those of a directory service. */
async function entry (user: string): Promise<string> {
  // getent would take a number as an id, and a dash as an option.
  if (!/^[A-Za-z_]/.test(user) || user.includes('\0')) return ''
  const { stdout } = await promisify(execFile)('getent', ['passwd', user]).catch(() => ({ stdout: '' }))
  return stdout
}

function parse (user: string, passwd: string): Account | undefined {
  const line = passwd.split('\n').map(line => line.split(':')).find(([name]) => name === user)
  if (user === '' || line === undefined) return undefined
  const [name, , uid, gid, , home] = line as [string, string, string, string, string, string]
  return { name, uid: Number(uid), gid: Number(gid), home }
}

function read (file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
