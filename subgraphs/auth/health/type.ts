import { open, seenBy } from '#kit/builder'
import { kept } from '#kit/cache-control'
import { isOutage } from '#kit/postgres'
import { builder } from '../builder.ts'
import type { Context } from '../context.ts'
import { type Day, latestSamples, uptimeByDay } from './queries.ts'
import {
  type HealthState,
  healthStates,
  keptSince,
  newerOf,
  type Sample,
  stateOf,
  worstOf,
} from './rules.ts'

const HealthStateType = builder.enumType('HealthState', {
  description:
    'DEGRADED: it answers, and its certificate ends in less than 21 days. UNKNOWN: nobody has looked lately.',
  values: healthStates,
  ...seenBy.everybody,
})

const HealthDayType = builder.objectRef<Day>('HealthDay').implement({
  ...seenBy.everybody,
  fields: (t) => ({
    day: t.exposeString('day', { description: 'UTC, as YYYY-MM-DD.' }),
    uptime: t.exposeFloat('uptime', { description: 'The share of good answers, from 0 to 1.' }),
  }),
})

type Target = {
  readonly name: string
  readonly state: HealthState
  readonly sample: Sample | null
  readonly days: readonly Day[]
}

const HealthTargetType = builder.objectRef<Target>('HealthTarget').implement({
  ...seenBy.everybody,
  description: 'A part of the platform as somebody outside sees it.',
  fields: (t) => ({
    name: t.exposeString('name', { description: '`database`, or what the operator calls it.' }),
    state: t.expose('state', { type: HealthStateType }),
    checkedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'Null before the first look.',
      resolve: ({ sample }) => sample?.at ?? null,
    }),
    latencyMs: t.float({
      nullable: true,
      description: 'Null where nothing answered.',
      resolve: ({ sample }) => sample?.latencyMs ?? null,
    }),
    certificateEndsAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'Null where the target shows no certificate.',
      resolve: ({ sample }) => sample?.certificateEndsAt ?? null,
    }),
    days: t.field({
      type: [HealthDayType],
      description: 'The last 30 days on which anybody looked, oldest first.',
      resolve: ({ days }) => [...days],
    }),
  }),
})

const ServiceStatusType = builder.objectRef<readonly Target[]>('ServiceStatus').implement({
  ...seenBy.everybody,
  fields: (t) => ({
    state: t.field({
      type: HealthStateType,
      description: 'The worst state of all targets.',
      resolve: (targets) => worstOf(targets.map(({ state }) => state)),
    }),
    targets: t.field({ type: [HealthTargetType], resolve: (targets) => [...targets] }),
  }),
})

type Past = { readonly latest: readonly Sample[]; readonly days: readonly Day[] }
const nothing: Past = { latest: [], days: [] }

/** While the database is away, only what this process saw itself is known. */
async function pastOf({ db, health, now }: Context): Promise<Past> {
  const { targets } = health
  try {
    return await db.read(async (sql) => ({
      latest: await latestSamples(sql, targets),
      days: await uptimeByDay(sql, { targets, since: keptSince(now()) }),
    }))
  } catch (error) {
    if (isOutage(error)) return nothing
    throw error
  }
}

async function statusOf(context: Context): Promise<Target[]> {
  const { health, now } = context
  const { latest, days } = await pastOf(context)
  const moment = { now: now(), everyMs: health.everyMs }
  return health.targets.map((name) => {
    const stored = latest.find(({ target }) => target === name) ?? null
    const sample = newerOf(health.latest(name), stored)
    return {
      ...{ name, sample, state: stateOf(sample, moment) },
      days: days.filter(({ target }) => target === name),
    }
  })
}

builder.queryField('serviceStatus', (t) =>
  t.field({
    ...open,
    ...kept(10, 'PUBLIC'),
    type: ServiceStatusType,
    description: "What the platform's own prober last saw.",
    resolve: (_, __, context) => statusOf(context),
  }),
)
