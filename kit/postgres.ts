import postgres from 'postgres'
import { AppError } from './errors.ts'
import { span } from './trace.ts'

/** A pool or a transaction: what a query function takes as its first parameter. */
export type Sql = postgres.ISql<Types>
export type Transaction = postgres.TransactionSql<Types>
export type Pool = postgres.Sql<Types>
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [key: string]: Json | undefined }

type Types = { bigint: number }

export type ConnectOptions = {
  readonly url: string
  readonly service: string
  /** The server ends a statement that runs longer; the caller gets TIMEOUT. */
  readonly statementTimeoutMs?: number
  readonly max?: number
  /** An idle connection is closed after this many seconds; 0 keeps it. */
  readonly idleTimeoutS?: number
  /** Off behind PgBouncer in transaction mode, which does not keep prepared statements. */
  readonly prepare?: boolean
  readonly tls?: false | 'require' | { readonly ca: string }
  /** Called with each statement except those that open, close or set up a transaction. */
  readonly onStatement?: (text: string) => void
}

/** Who asks: row-level security policies read it through `app.uid()` and `app.has(scope)`. */
export type RowContext = { readonly userId: string | null; readonly scopes: ReadonlySet<string> }

/** For work that nobody asked for: relays, consumers, scheduled jobs. */
export const systemContext: RowContext = { userId: null, scopes: new Set(['system']) }

export type Database = {
  /** One read-only transaction with the row context set; UNAVAILABLE when there is no server, TIMEOUT when slow. */
  read<T>(query: (sql: Transaction) => PromiseLike<T>): Promise<T>
  /** One transaction with the row context set; rolled back when `work` throws. */
  write<T>(work: (sql: Transaction) => PromiseLike<T>): Promise<T>
}

/**
 * A pool of connections. Columns are camelCase here and snake_case there; `bigint` is a number (it throws past 2^53),
 * `timestamptz` a Date, and `date`, `time` and `timestamp` stay text, because a calendar day is not an instant.
 */
export const connect = (options: ConnectOptions): Pool =>
  postgres(options.url, {
    max: options.max ?? 10,
    prepare: options.prepare ?? true,
    ssl: typeof options.tls === 'object' ? { ...options.tls } : (options.tls ?? false),
    // Seconds. A stopped server is told of within the time a person waits, and found again as soon as it is back.
    connect_timeout: 2,
    backoff: () => 0.1,
    idle_timeout: options.idleTimeoutS ?? 60,
    fetch_types: true,
    onnotice: () => {},
    ...(options.onStatement && { debug: statementsTo(options.onStatement) }),
    connection: {
      application_name: options.service,
      ...(options.statementTimeoutMs && { statement_timeout: options.statementTimeoutMs }),
    },
    transform: { column: { from: postgres.toCamel, to: postgres.fromCamel } },
    types,
  })

const textOf = (value: Date | string) => (value instanceof Date ? value.toISOString() : value)

const types = {
  bigint: { to: 20, from: [20], serialize: String, parse: integerFrom },
  date: { to: 1184, from: [1184], serialize: textOf, parse: (text: string) => new Date(text) },
  calendar: {
    to: 1082,
    from: [1082, 1083, 1114],
    serialize: textOf,
    parse: (text: string) => text,
  },
}

function integerFrom(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} does not fit a number.`)
  return value
}

const around = /^\s*(begin|commit|rollback|savepoint|select set_config)/i

const statementsTo = (listener: (text: string) => void) => (_: number, text: string) => {
  if (!around.test(text)) listener(text)
}

/** Binds a pool to the person who asks. Row-level security sees nothing without it: policies fail closed. */
export const database = (sql: Pool, row: RowContext): Database => ({
  read: (query) =>
    span('postgres read', {}, () => transact({ sql, row, mode: 'read only' }, query)),
  write: (work) => span('postgres write', {}, () => transact({ sql, row, mode: '' }, work)),
})

type Scope = { readonly sql: Pool; readonly row: RowContext; readonly mode: 'read only' | '' }

/** The context travels in one packet with the first query: waiting for its answer would cost a round trip. */
async function transact<T>({ sql, row, mode }: Scope, work: (sql: Transaction) => PromiseLike<T>) {
  try {
    const [, result] = await sql.begin(mode, (tx) => {
      const context = tx`
        select
          set_config('app.user', ${row.userId ?? ''}, true),
          set_config('app.scopes', ${[...row.scopes].join(' ')}, true)`
      // Queries are sent when first awaited; this one must leave before any of the work.
      return [context.execute(), Promise.try(() => work(tx))] as const
    })
    return result
  } catch (error) {
    throw outageFrom(error) ?? error
  }
}

const unavailable = new Set([
  ...['CONNECTION_CLOSED', 'CONNECTION_DESTROYED', 'CONNECT_TIMEOUT', 'CONNECTION_ENDED'],
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOTFOUND', 'ETIMEDOUT', 'EHOSTUNREACH'],
  // admin_shutdown, crash_shutdown, cannot_connect_now, too_many_connections.
  ...['57P01', '57P02', '57P03', '53300'],
])

/** What an error of the driver means to the caller: no server, too slow, or (null) a fault of the statement. */
export function outageFrom(error: unknown): AppError | null {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (unavailable.has(code)) {
    return new AppError('UNAVAILABLE', 'The data is out of reach for a moment. Try again.', {
      cause: error,
    })
  }
  if (code === '57014') return new AppError('TIMEOUT', 'The data took too long.', { cause: error })
  return null
}

/** True for an error of `read` or `write` that says the database is away, whatever the work was. */
export const isOutage = (error: unknown): boolean =>
  error instanceof AppError && error.code === 'UNAVAILABLE' && outageFrom(error.cause) !== null
