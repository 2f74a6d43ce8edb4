import type { ExecutionResult } from 'graphql'
import type { Engine, Prepared, Variant } from '../../engine/engine.ts'
import { exchangeOf } from '../../exchange.ts'
import type { EngineName } from '../federation/harness/engines.ts'
import type { AuthorizationCase } from './case.ts'
import { fields } from './fields.ts'
import { joins } from './joins.ts'
import { operations } from './operations.ts'
import { types } from './types.ts'

export const cases: readonly AuthorizationCase[] = [...fields, ...types, ...joins, ...operations]

export const casesFor = (engine: EngineName) =>
  engine === 'stitched' ? cases.filter((one) => one.beyondStitching === undefined) : cases

export const variantFor = ({ scopes, policies = [] }: Partial<AuthorizationCase>): Variant => ({
  authenticated: scopes !== undefined,
  scopes: new Set(scopes),
  policies: new Set(policies),
})

/** Somebody who may read everything in the graph of these cases. */
export const allowed = variantFor({
  scopes: ['a', 'c', 'mail', 'places', 'levels', 'admin', 'notes', 'pay', 'bonus'],
  policies: ['p', 'r'],
})

function exchange() {
  const request = new Request('http://gateway.local/graphql')
  const info = { requestId: 'request-1', clientAddress: '192.0.2.7' }
  return exchangeOf(request, info, new AbortController().signal)
}

/** One result, or one for each event. */
async function resultsOf(
  prepared: Prepared,
  { variables = {}, isStream }: Partial<AuthorizationCase>,
): Promise<ExecutionResult[]> {
  const request = { variables, exchange: exchange() }
  if (!isStream) return [await prepared.execute(request)]
  const opened = await prepared.subscribe(request)
  return Symbol.asyncIterator in opened ? Array.fromAsync(opened) : [opened]
}

type Told = {
  readonly message: string
  readonly path: string | undefined
  readonly code: unknown
}

type Outcome = { readonly data: string | undefined; readonly errors: readonly Told[] }

/** The data as JSON, and the errors in the order of their paths. */
export async function outcomeOf(
  engine: Engine,
  one: Pick<AuthorizationCase, 'operation'> & Partial<AuthorizationCase>,
  variant = variantFor(one),
): Promise<Outcome> {
  const prepared = await engine.prepare(one.operation, null, variant)
  const results = await resultsOf(prepared, one)
  const data = results.map((result) => result.data)
  const errors = results.flatMap((result) => result.errors ?? [])
  return {
    data: JSON.stringify(one.isStream ? data : data[0]),
    errors: byPath(
      errors.map(({ message, path, extensions: { code } }) => ({
        ...{ message, code },
        path: path?.join('.'),
      })),
    ),
  }
}

const byPath = (errors: readonly Told[]) =>
  errors.toSorted((one, other) => (one.path ?? '').localeCompare(other.path ?? ''))

/** What is said of each path that is denied. */
export const denials = (paths: readonly string[]): readonly Told[] =>
  byPath(
    paths.map((path) => ({
      message: 'Unauthorized field or type',
      code: 'UNAUTHORIZED_FIELD_OR_TYPE',
      path,
    })),
  )
