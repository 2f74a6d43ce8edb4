import type { z } from 'zod'
import type { Bus, BusEvent } from '#kit/bus'
import { consume } from '#kit/inbox'
import type { Log } from '#kit/log'
import type { Metrics } from '#kit/metrics'
import type { Pool, Sql } from '#kit/postgres'
import { raise } from '../alert/queries.ts'
import { UserLogin } from '../audit/entry.ts'
import { countLogin, isNewCountry, noteLogin, welcome } from './queries.ts'
import { countryIn, kindOf } from './rules.ts'

type Options = {
  readonly sql: Pool
  readonly bus: Bus
  readonly log: Log
  readonly metrics: Metrics
}
type Login = z.infer<typeof UserLogin> & { readonly signedInAt: Date; readonly eventId: string }

async function greet(sql: Sql, { personId, email, displayName, locale }: Login) {
  if (displayName === null) return
  await welcome(sql, { id: personId, email, displayName, locale })
}

async function lookAtPlace(sql: Sql, { personId, place, signedInAt: at, eventId }: Login) {
  const country = countryIn(place)
  if (!country || !(await isNewCountry(sql, { personId, country, at }))) return
  const summary = `${personId} signed in from ${country} for the first time.`
  await raise(sql, { kind: 'NEW_COUNTRY', summary, eventId, at })
}

async function arrive(sql: Sql, { id, payload, at }: BusEvent) {
  const login = { ...UserLogin.parse(payload), signedInAt: at, eventId: id }
  const kind = kindOf(login)
  await greet(sql, login)
  if (!login.silent) await noteLogin(sql, { personId: login.personId, at })
  await countLogin(sql, { at, kind })
  await lookAtPlace(sql, login)
  return kind
}

/** Every sign-in is counted, dates its person, and makes one of whom only another provider knew; once. */
export function consumeLogins({ sql, bus, log, metrics }: Options) {
  const count = metrics.counter({
    name: 'user_logins_total',
    help: 'Sign-ins that reached the analytics, by the strength of the proof.',
    labels: ['kind'],
  })
  return consume({
    ...{ bus, sql, log },
    consumer: 'users.login',
    topics: ['auth.user-login'],
    handle: async (tx, event) => {
      const kind = await arrive(tx, event)
      // A commit that fails is handled again, and counted again: `login_day` is the exact number.
      count({ kind })
    },
  })
}
