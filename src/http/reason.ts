/** Why Fastify refused a request, without a period at the end. */
export function reasonOf ({ code, message }: Pick<NodeJS.ErrnoException, 'code' | 'message'>): string {
  return code === 'ECONNRESET' ? 'the client disconnected before it had sent the whole body' : message.replace(/\.$/, '')
}
