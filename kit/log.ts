import pino from 'pino'
import { describeError } from './errors.ts'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'

/**
 * What one answered request leaves in the log. `endpoint` is a path without its query, which may
 * carry codes.
 */
export type RequestLine = {
  readonly requestId: string
  readonly userId: string | null
  /** Who acted in that user's name; the line has it when there is one. */
  readonly actorId?: string | null
  readonly endpoint: string
  readonly method: string
  readonly statusCode: number
  readonly durationMs: number
  readonly traceId: string | null
  readonly operation: string | null
}

/**
 * Lines carry `timestamp`, `level`, `service`, `message` and nothing else; an error's stack is part
 * of the message.
 */
export type Log = {
  debug(message: string): void
  info(message: string): void
  warn(message: string, error?: unknown): void
  error(message: string, error?: unknown): void
  /** One line an answered request, with the keys of a request line. Probes go out at debug. */
  request(line: RequestLine, level?: 'debug'): void
}

type Options = {
  readonly service: string
  readonly level?: LogLevel
  /** Receives one JSON line with its newline; standard output when absent. */
  readonly write?: (line: string) => void
}

/** JSON lines, one an event. No transport: a worker thread would end a compiled binary. */
export function createLog({ service, level = 'info', write }: Options): Log {
  const settings = {
    level,
    messageKey: 'message',
    base: { service },
    timestamp: () => `,"timestamp":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
  }
  const lines = write ? pino(settings, { write }) : pino(settings)
  return {
    debug: (message) => lines.debug(message),
    info: (message) => lines.info(message),
    warn: (message, error) => lines.warn(textOf(message, error)),
    error: (message, error) => lines.error(textOf(message, error)),
    request: (line, quiet) => {
      const level = quiet ?? levelOf(line)
      if (lines.isLevelEnabled(level)) lines[level](fieldsOf(line), summaryOf(line))
    },
  }
}

const textOf = (message: string, error: unknown) =>
  error === undefined ? message : `${message}: ${describeError(error)}`

const levelOf = ({ statusCode }: RequestLine) => (statusCode >= 500 ? 'error' : 'info')

const summaryOf = ({ method, endpoint, statusCode }: RequestLine) =>
  `${method} ${endpoint} ${statusCode}`

const fieldsOf = (line: RequestLine) => ({
  request_id: line.requestId,
  user_id: line.userId,
  ...(line.actorId && { actor_id: line.actorId }),
  endpoint: line.endpoint,
  method: line.method,
  status_code: line.statusCode,
  duration_ms: Math.round(line.durationMs * 1_000) / 1_000,
  trace_id: line.traceId,
  operation: line.operation,
})
