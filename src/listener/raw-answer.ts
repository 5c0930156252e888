/** An answer to what no request was made of, after which the connection ends. The phrase is made fit for its line. */
export function rawAnswer (status: number, phrase: string, body: string): string {
  return `HTTP/1.1 ${status} ${phrase.replaceAll(/[^\x20-\x7e]/g, '?')}\r\nConnection: close\r\n` +
    `Content-Type: application/json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
}
