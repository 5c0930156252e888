/** Whether `$expand` asks for the instance view. Inferred: case does not matter, because clients send instanceview. */
export function isInstanceView ($expand: string | undefined): boolean {
  return `${$expand}`.toLowerCase() === 'instanceview'
}
