import { isDeepStrictEqual } from 'node:util'
import { type Connection, connectionTo } from './connection.ts'

/** What the generator sends, over and over, and the one answer that is right. */
export type Question = { readonly request: Uint8Array; readonly expected: unknown }

export type Rush = {
  readonly requests: number
  readonly seconds: number
  /** In milliseconds, sorted. */
  readonly times: readonly number[]
}

export const clients = 50

export function questionOf(document: string, expected: unknown): Question {
  const body = JSON.stringify({ query: document })
  const head = [
    'POST /graphql HTTP/1.1',
    'host: 127.0.0.1',
    'accept: application/json',
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
  ]
  return { request: Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`), expected }
}

/** Answers that were right, byte for byte: what has been compared once need not be parsed again. */
const textsMax = 8

export type Generator = {
  /** One request by one client; its time in milliseconds. */
  once(question: Question): Promise<number>
  /** All clients, for that long; then what is in flight is waited for and counted. */
  rush(question: Question, seconds: number): Promise<Rush>
  close(): void
}

/** Rejects on the first answer that is not the expected one. */
export function generatorFor(port: number): Generator {
  const connections = Array.from({ length: clients }, () => connectionTo(port))
  const right = new Map<unknown, Buffer[]>()
  const check = ({ expected }: Question, body: Buffer) => {
    const texts = right.get(expected) ?? []
    right.set(expected, texts)
    if (texts.some((text) => text.equals(body))) return
    const text = body.toString('utf8')
    if (!isDeepStrictEqual(JSON.parse(text), expected))
      throw new Error(`Another answer than expected: ${text.slice(0, 500)}`)
    if (texts.length < textsMax) texts.push(Buffer.from(body))
  }
  const ask = async (connection: Connection, question: Question) => {
    const startedAt = performance.now()
    const { status, body } = await connection.send(question.request)
    const elapsedMs = performance.now() - startedAt
    if (status !== 200) throw new Error(`Status ${status}: ${body.toString('utf8', 0, 500)}`)
    check(question, body)
    return elapsedMs
  }
  const [first] = connections
  if (!first) throw new Error('A generator needs a client.')
  return {
    once: (question) => ask(first, question),
    rush: async (question, seconds) => {
      const times: number[] = []
      const startedAt = performance.now()
      const client = async (connection: Connection) => {
        while (performance.now() - startedAt < seconds * 1_000)
          times.push(await ask(connection, question))
      }
      await Promise.all(connections.map(client))
      const elapsed = (performance.now() - startedAt) / 1_000
      return {
        requests: times.length,
        seconds: elapsed,
        times: times.sort((one, other) => one - other),
      }
    },
    close: () => connections.map((connection) => connection.close()),
  }
}
