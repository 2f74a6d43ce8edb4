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

export type Tls = false | 'require' | 'verify-full' | { readonly ca: string }

export type ConnectOptions = {
  readonly url: string
  readonly service: string
  /** The server ends a statement that runs longer; the caller gets TIMEOUT. */
  readonly statementTimeoutMs?: number
  readonly max?: number
  /** An idle connection is closed after this many seconds; 0 keeps it. */
  readonly idleTimeoutS?: number
  /** `require` encrypts and trusts whoever answers; the others check name and certificate. */
  readonly tls?: Tls
  /**
   * The server itself, where `url` is PgBouncer in transaction mode: a session there may be another
   * one with each transaction, so nothing is prepared, and LISTEN goes here.
   */
  readonly direct?: { readonly url: string; readonly tls?: Tls } | null
  /** Called with each statement except those that open, close or set up a transaction. */
  readonly onStatement?: (text: string) => void
}

/** Who asks: row-level security policies read it through `app.uid()` and `app.has(scope)`. */
export type RowContext = { readonly userId: string | null; readonly scopes: ReadonlySet<string> }

/** For work that nobody asked for: relays, consumers, scheduled jobs. */
export const systemContext: RowContext = { userId: null, scopes: new Set(['system']) }

export type Database = {
  /**
   * One read-only transaction in the row context; UNAVAILABLE without a server, TIMEOUT if slow.
   */
  read<T>(query: (sql: Transaction) => PromiseLike<T>): Promise<T>
  /** One transaction with the row context set; rolled back when `work` throws. */
  write<T>(work: (sql: Transaction) => PromiseLike<T>): Promise<T>
}

/**
 * A pool of connections. Columns are camelCase here and snake_case there; `bigint` is a number (it
 * throws past 2^53), `timestamptz` a Date, and `date`, `time` and `timestamp` stay text, because a
 * calendar day is not an instant.
 */
export function connect({ direct, ...options }: ConnectOptions): Pool {
  if (!direct) return poolOf(options)
  const { statementTimeoutMs, ...rest } = options
  const pooled = poolOf({ ...rest, prepare: false })
  if (statementTimeoutMs) timeouts.set(pooled, statementTimeoutMs)
  const server = poolOf({ ...options, ...direct, max: 1 })
  const { end } = pooled
  return Object.assign(pooled, {
    listen: server.listen,
    end: async (wait?: { timeout?: number }) => {
      await Promise.all([end(wait), server.end(wait)])
    },
  })
}

/** PgBouncer takes no settings with a connection: there each transaction sets its own. */
const timeouts = new WeakMap<Pool, number>()

type PoolOptions = Omit<ConnectOptions, 'direct'> & { readonly prepare?: boolean }

const sslOf = (tls: Tls | undefined) => (typeof tls === 'object' ? { ...tls } : (tls ?? false))

const poolOf = (options: PoolOptions): Pool =>
  postgres(options.url, {
    max: options.max ?? 10,
    prepare: options.prepare ?? true,
    ssl: sslOf(options.tls),
    // Seconds. A stopped server is told of within the time a person waits, and found again as soon
    // as it is back.
    connect_timeout: 5,
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

/** Opens, sets up or ends a transaction, or is the driver's own question for array types. */
const around =
  /^\s*(begin|commit|rollback|savepoint|select\s+set_config|select b\.oid, b\.typarray)/i

const statementsTo = (listener: (text: string) => void) => (_: number, text: string) => {
  if (!around.test(text)) listener(text)
}

/** Binds a pool to who asks. Without it policies see nobody and show nothing: they fail closed. */
export function database(sql: Pool, row: RowContext): Database {
  const attributes = {
    'db.system.name': 'postgresql',
    'db.namespace': sql.options.connection.application_name ?? '',
  }
  return {
    read: (query) =>
      span('postgres read', attributes, () => transact({ sql, row, mode: 'read only' }, query)),
    write: (work) =>
      span('postgres write', attributes, () => transact({ sql, row, mode: '' }, work)),
  }
}

type Scope = { readonly sql: Pool; readonly row: RowContext; readonly mode: 'read only' | '' }

/** The context travels with the first query: waiting for its answer would cost a round trip. */
async function transact<T>({ sql, row, mode }: Scope, work: (sql: Transaction) => PromiseLike<T>) {
  const turn = waitForTurn()
  const timeoutMs = timeouts.get(sql)
  try {
    const transaction = sql.begin(mode, (tx) => {
      turn.take()
      const context = tx`
        select
          set_config('app.user', ${row.userId ?? ''}, true),
          set_config('app.scopes', ${[...row.scopes].join(' ')}, true)
          ${timeoutMs ? tx`, set_config('statement_timeout', ${String(timeoutMs)}, true)` : tx``}`
      // Queries are sent when first awaited; this one must leave before any of the work.
      return [context.execute(), Promise.try(() => work(tx))] as const
    })
    const [, result] = await Promise.race([transaction, turn.missed])
    return result
  } catch (error) {
    throw refusalFrom(error) ?? error
  } finally {
    turn.giveUp()
  }
}

/** How long a transaction may wait for a connection: as long as a person waits for an answer. */
const turnTimeoutMs = 2_000

/** `missed` rejects when no turn came in time; `take` refuses a turn that comes after that. */
function waitForTurn() {
  const { promise: missed, reject } = Promise.withResolvers<never>()
  let refusal: AppError | null = null
  const timer = setTimeout(() => {
    refusal = new DatabaseAway()
    reject(refusal)
  }, turnTimeoutMs)
  return {
    missed,
    take: () => {
      clearTimeout(timer)
      if (refusal) throw refusal
    },
    giveUp: () => clearTimeout(timer),
  }
}

/** Told apart from work that fails as UNAVAILABLE for reasons of its own. */
class DatabaseAway extends AppError {
  constructor(options?: ErrorOptions) {
    super('UNAVAILABLE', 'The data is out of reach for a moment. Try again.', options)
  }
}

/** True for an error of `read` or `write` that says the database is away. */
export const isOutage = (error: unknown): boolean => error instanceof DatabaseAway

const away = (cause: unknown) => new DatabaseAway({ cause })
const tooSlow = (cause: unknown) => new AppError('TIMEOUT', 'The data took too long.', { cause })
const collided = (cause: unknown) =>
  new AppError('UNAVAILABLE', 'Another change got in between. Try again.', { cause })
const unstorable = (cause: unknown) =>
  new AppError(
    'BAD_USER_INPUT',
    'A text contains a character that cannot be stored, such as U+0000.',
    { cause },
  )

/**
 * JSON that we write is well formed; what the server refuses in it is half a character. The same
 * code for a uuid or a number is a fault of ours.
 */
const halfCharacter = (cause: unknown) =>
  cause instanceof Error && 'routine' in cause && cause.routine === 'json_errsave_error'
    ? unstorable(cause)
    : null

/**
 * What the caller is told for a code of driver, system or server; any other is a fault of ours.
 */
const refusals: Readonly<Record<string, (cause: unknown) => AppError | null>> = {
  CONNECTION_CLOSED: away,
  CONNECTION_DESTROYED: away,
  CONNECTION_ENDED: away,
  CONNECT_TIMEOUT: away,
  ECONNREFUSED: away,
  ECONNRESET: away,
  EHOSTUNREACH: away,
  ENOTFOUND: away,
  EPIPE: away,
  ETIMEDOUT: away,
  // What PgBouncer says for itself: no server, no turn in time, a connection that broke.
  '08P01': away,
  '08006': away,
  // admin_shutdown, crash_shutdown, cannot_connect_now, too_many_connections
  '57P01': away,
  '57P02': away,
  '57P03': away,
  '53300': away,
  // query_canceled (statement timeout), lock_not_available (lock timeout)
  '57014': tooSlow,
  '55P03': tooSlow,
  // serialization_failure, deadlock_detected
  '40001': collided,
  '40P01': collided,
  // character_not_in_repertoire (in a text), untranslatable_character (in JSON),
  // invalid_text_representation
  '22021': unstorable,
  '22P05': unstorable,
  '22P02': halfCharacter,
}

function refusalFrom(error: unknown): AppError | null {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const refusal = Object.hasOwn(refusals, code) ? refusals[code] : undefined
  return refusal?.(error) ?? null
}
