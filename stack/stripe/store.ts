import { Database } from 'bun:sqlite'
import type { Stripe } from 'stripe'
import { noSuch } from './fault.ts'
import type { Page } from './params.ts'

/** JSON has no decimals of its own: Stripe writes this one as text. */
export type Price = Omit<Stripe.Price, 'unit_amount_decimal'> & {
  unit_amount_decimal: string | null
}
/** What is bought belongs to its session; Stripe shows it on demand. */
export type LineItem = Omit<Stripe.LineItem, 'price'> & { price: Price }
export type Event = Omit<Stripe.EventBase, 'data' | 'type'> & {
  type: string
  data: { object: object }
}

/** What Stripe keeps with a session and does not show in it. */
export type SessionDetail = {
  readonly items: readonly LineItem[]
  /** For the payment intent that the session will make. */
  readonly intent: {
    readonly description?: string | undefined
    readonly receipt_email?: string | undefined
    readonly metadata: Record<string, string>
  }
}

/** Every kind of object that the sandbox keeps. */
export type Kinds = {
  customer: Stripe.Customer
  product: Stripe.Product
  price: Price
  'checkout.session': Stripe.Checkout.Session
  payment_intent: Stripe.PaymentIntent
  charge: Stripe.Charge
  refund: Stripe.Refund
  event: Event
}
export type Kind = keyof Kinds

const schema = `
  create table if not exists object (
    sequence integer primary key,
    id text not null unique,
    kind text not null,
    body text not null
  ) strict;
  create index if not exists object_kind on object (kind, sequence);
  create table if not exists session_detail (session text primary key, body text not null) strict;
  create table if not exists answer (
    key text primary key, request text not null, status integer, body text, at integer not null
  ) strict, without rowid;
  create table if not exists delivery (
    event text primary key,
    attempts integer not null default 0,
    due_at integer not null,
    done integer not null default 0
  ) strict;
  create index if not exists delivery_due on delivery (due_at) where done = 0;
  create table if not exists due (id text primary key, at integer not null) strict, without rowid;
  -- A call that a killed process was answering is not being answered any more.
  delete from answer where status is null;
`

type Row = { readonly sequence: number; readonly body: string }
type Order = 'asc' | 'desc'

export type Where<K extends Kind> = Partial<{ [Field in keyof Kinds[K]]: string }>

/** Everything the sandbox knows, in one SQLite file, or in memory. */
export class Store {
  readonly database: Database

  constructor(file: string) {
    this.database = new Database(file, { create: true, strict: true })
    this.database.run('pragma journal_mode = wal')
    this.database.run('pragma synchronous = normal')
    this.database.run(schema)
  }

  /** All or nothing; nothing else happens in between. */
  atomically<T>(work: () => T): T {
    return this.database.transaction(work)()
  }

  insert<K extends Kind>(kind: K, object: Kinds[K]): Kinds[K] {
    this.database
      .query('insert into object (id, kind, body) values (?, ?, ?)')
      .run(object.id, kind, JSON.stringify(object))
    return object
  }

  update<K extends Kind>(kind: K, object: Kinds[K]): Kinds[K] {
    this.database
      .query('update object set body = ? where id = ? and kind = ?')
      .run(JSON.stringify(object), object.id, kind)
    return object
  }

  /** Null for an id that there is not, or that is of another kind. */
  find<K extends Kind>(kind: K, id: string): Kinds[K] | null {
    const row = this.database
      .query<Row, [string, string]>('select sequence, body from object where kind = ? and id = ?')
      .get(kind, id)
    return row ? parsed<Kinds[K]>(row) : null
  }

  /** Whatever has that id: what an expanded id becomes. */
  findAny(id: string): object | null {
    const row = this.database
      .query<Row, [string]>('select sequence, body from object where id = ?')
      .get(id)
    return row ? parsed<object>(row) : null
  }

  /** The newest first; `ending_before` pages towards the newer ones. Throws StripeFault for a border that there is not. */
  list<K extends Kind>(kind: K, page: Page, where: Where<K> = {}) {
    const back = page.ending_before !== undefined
    const border = this.#border(kind, page.ending_before ?? page.starting_after)
    const rows = this.#rows(kind, { back, border, limit: page.limit + 1, where })
    const data = rows.slice(0, page.limit).map((row) => parsed<Kinds[K]>(row))
    return { data: back ? data.reverse() : data, has_more: rows.length > page.limit }
  }

  /** Every object of a kind that matches, the newest first. */
  all<K extends Kind>(kind: K, where: Where<K> = {}): Kinds[K][] {
    return this.#rows(kind, { back: false, border: null, limit: -1, where }).map((row) =>
      parsed<Kinds[K]>(row),
    )
  }

  #border(kind: Kind, id: string | undefined): number | null {
    if (id === undefined) return null
    const row = this.database
      .query<{ sequence: number }, [string]>('select sequence from object where id = ?')
      .get(id)
    if (!row) throw noSuch(kind, id, 'starting_after')
    return row.sequence
  }

  #rows(kind: Kind, by: { back: boolean; border: number | null; limit: number; where: object }) {
    const filters = Object.entries(by.where).filter(([, value]) => value !== undefined)
    const order: Order = by.back ? 'asc' : 'desc'
    const clauses = [
      'kind = ?',
      ...filters.map(() => 'json_extract(body, ?) = ?'),
      ...(by.border === null ? [] : [`sequence ${by.back ? '>' : '<'} ?`]),
    ]
    const values = [
      kind,
      ...filters.flatMap(([field, value]) => [`$.${field}`, String(value)]),
      ...(by.border === null ? [] : [by.border]),
      by.limit,
    ]
    return this.database
      .query<Row, (string | number)[]>(
        `select sequence, body from object where ${clauses.join(' and ')}
         order by sequence ${order} limit ?`,
      )
      .all(...values)
  }

  keepDetail(session: string, detail: SessionDetail) {
    this.database
      .query('insert into session_detail (session, body) values (?, ?)')
      .run(session, JSON.stringify(detail))
  }

  /** Null for a session that there is not. */
  detailOf(session: string): SessionDetail | null {
    const row = this.database
      .query<Row, [string]>('select rowid as sequence, body from session_detail where session = ?')
      .get(session)
    return row ? parsed<SessionDetail>(row) : null
  }

  /** Something is to happen to that object by itself. */
  wakeAt(id: string, at: number) {
    this.database.query('insert or replace into due (id, at) values (?, ?)').run(id, at)
  }

  /** The ids whose time has come; each is given once. */
  takeDue(now: number): string[] {
    return this.database
      .query<{ id: string }, [number]>('delete from due where at <= ? returning id')
      .all(now)
      .map(({ id }) => id)
  }

  close() {
    this.database.close()
  }
}

// Only this class writes these rows, from the same types.
const parsed = <T>({ body }: Row): T => JSON.parse(body) as T
