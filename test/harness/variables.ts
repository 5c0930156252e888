import type { Test } from 'tap'

/** Sets a variable of this process until the test ends. Returns the value. */
export function setVariable (t: Test, name: string, value: string): string {
  const before = process.env[name]
  t.teardown(() => {
    if (before === undefined) delete process.env[name]
    else process.env[name] = before
  })
  process.env[name] = value
  return value
}
