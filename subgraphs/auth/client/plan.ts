import { audit, auditedBy } from '#kit/audit'
import { AppError } from '#kit/errors'
import { fromGlobalId } from '#kit/id'
import type { Viewer } from '#kit/identity-token'
import { loadBy } from '#kit/loader'
import type { Transaction } from '#kit/postgres'
import { userError } from '#kit/user-error'
import { apiKeysByIds } from '../api-key/queries.ts'
import { ApiKeyType } from '../api-key/type.ts'
import { builder, NotFoundErrorType, ValidationErrorType } from '../builder.ts'
import type { Context } from '../context.ts'
import {
  allPlans,
  type ClientPlanRow,
  dropPlan,
  type PlanRow,
  planNamed,
  plansOfClients,
  putPlan,
} from './plan-queries.ts'
import { type OwnSpending, spendingFault } from './plan-rules.ts'
import { mayAdministerClients } from './policy.ts'
import { clientsByIds } from './queries.ts'
import { ApiClientType, administered } from './type.ts'

const PlanType = builder.objectRef<PlanRow>('Plan').implement({
  description: 'What programs may spend that are given this plan, in cost points.',
  fields: (t) => ({
    name: t.exposeString('name'),
    pointsPerMinute: t.exposeInt('pointsPerMinute'),
    burst: t.exposeInt('burst', { description: 'At most at once.' }),
    costMax: t.exposeInt('costMax', { description: 'The most that one operation may cost.' }),
    concurrency: t.exposeInt('concurrency', {
      description: 'Operations at a time, on each instance of the gateway.',
    }),
  }),
})

const ClientPlanType = builder.objectRef<ClientPlanRow>('ClientPlan').implement({
  description: 'What one program may spend: the numbers of its plan, or its own in their place.',
  fields: (t) => ({
    plan: t.exposeString('plan'),
    pointsPerMinute: t.exposeInt('pointsPerMinute'),
    burst: t.exposeInt('burst'),
    costMax: t.exposeInt('costMax'),
    concurrency: t.exposeInt('concurrency'),
    changedAt: t.expose('changedAt', { type: 'DateTime' }),
  }),
})

const loaders = new WeakMap<Context, ReturnType<typeof loaderFor>>()
const loaderFor = ({ db }: Context) =>
  loadBy<string, ClientPlanRow>(
    ({ clientId }) => clientId,
    (ids) => db.read((sql) => plansOfClients(sql, ids)),
  )

/** The plan of a program, read for all programs of an answer at once. */
function planOf(clientId: string, context: Context): Promise<ClientPlanRow | null> {
  const loader = loaders.get(context) ?? loaderFor(context)
  loaders.set(context, loader)
  return loader.load(clientId)
}

const description =
  'What it may spend. Null for a program without a plan: then `rateLimitPerMinute` holds, each request for 50 points.'

builder.objectField(ApiClientType, 'plan', (t) =>
  t.field({
    ...{ type: ClientPlanType, nullable: true, description },
    resolve: ({ id }, _, context) => planOf(id, context),
  }),
)
builder.objectField(ApiKeyType, 'plan', (t) =>
  t.field({
    ...{ type: ClientPlanType, nullable: true, description },
    resolve: ({ id }, _, context) => planOf(id, context),
  }),
)

type ClientPlanSet = { __typename: 'ClientPlanSet'; clientId: string }

const ClientPlanSetType = builder.objectRef<ClientPlanSet>('ClientPlanSet').implement({
  fields: (t) => ({
    plan: t.field({
      ...{ type: ClientPlanType, nullable: true },
      resolve: ({ clientId }, _, context) => planOf(clientId, context),
    }),
    client: t.field({
      ...{ type: ApiClientType, nullable: true },
      description: 'Null for an API key.',
      resolve: async ({ clientId }, _, { db }) =>
        (await db.read((sql) => clientsByIds(sql, [clientId])))[0] ?? null,
    }),
  }),
})

const SetClientPlanResultType = builder.unionType('SetClientPlanResult', {
  types: [ClientPlanSetType, ValidationErrorType, NotFoundErrorType],
  resolveType: ({ __typename }) => __typename,
})

const number = { required: false } as const

const SetClientPlanInputType = builder.inputType('SetClientPlanInput', {
  fields: (t) => ({
    clientId: t.id({ required: true, description: 'Of an ApiClient or of an ApiKey.' }),
    plan: t.string({ ...number, description: 'Without a name the program has no plan any more.' }),
    pointsPerMinute: t.int({ ...number, description: "In the place of the plan's own." }),
    burst: t.int(number),
    costMax: t.int(number),
    concurrency: t.int(number),
  }),
})

type Change = {
  entity: 'ApiClient' | 'ApiKey'
  id: string
  plan: string | null
  own: OwnSpending
  by: Viewer
  at: Date
  requestId: string
}

const missing = userError('NotFoundError', 'There is no such client.', ['clientId'])
const unknownPlan = userError('ValidationError', 'There is no such plan.', ['plan'])

async function isThere(sql: Transaction, { entity, id }: Change): Promise<boolean> {
  const found = entity === 'ApiClient' ? clientsByIds(sql, [id]) : apiKeysByIds(sql, [id])
  return (await found).length > 0
}

async function setPlan(sql: Transaction, change: Change) {
  const { entity, id, plan, own, by, at, requestId } = change
  if (!(await isThere(sql, change))) return missing
  if (plan === null) await dropPlan(sql, id)
  else {
    const named = await planNamed(sql, plan)
    if (!named) return unknownPlan
    const fault = spendingFault(own, named)
    if (fault) return fault
    await putPlan(sql, { ...own, clientId: id, plan, changedAt: at, changedBy: by.id })
  }
  await audit(sql, {
    ...{ action: 'auth.client-plan-changed', ...auditedBy(by), requestId },
    ...{ entity, entityId: id, detail: { plan, ...own } },
  })
  return { __typename: 'ClientPlanSet' as const, clientId: id }
}

type ProgramId = Pick<Change, 'entity' | 'id'>

function programIdFrom(globalId: string): ProgramId | null {
  for (const entity of ['ApiClient', 'ApiKey'] as const) {
    const id = fromGlobalId(entity, globalId)
    if (id) return { entity, id }
  }
  return null
}

builder.queryField('plans', (t) =>
  t.field({
    ...administered,
    type: [PlanType],
    description: 'The plans that a program may be given, the smallest first.',
    resolve: (_, __, { db }) => db.read(allPlans),
  }),
)

type SpendingInput = { readonly [Key in keyof OwnSpending]?: number | null | undefined }

const ownOf = ({ pointsPerMinute, burst, costMax, concurrency }: SpendingInput): OwnSpending => ({
  pointsPerMinute: pointsPerMinute ?? null,
  burst: burst ?? null,
  costMax: costMax ?? null,
  concurrency: concurrency ?? null,
})

builder.mutationField('setClientPlan', (t) =>
  t.field({
    ...administered,
    type: SetClientPlanResultType,
    description:
      'Says what a program may spend. Every gateway holds to it within a second, whatever the tokens of the program say.',
    args: { input: t.arg({ type: SetClientPlanInputType, required: true }) },
    resolve: async (_, { input }, { viewer: by, db, now, requestId }) => {
      if (!mayAdministerClients(by)) throw new AppError('FORBIDDEN', 'You may not do this.')
      const program = programIdFrom(input.clientId)
      if (!program) return missing
      const change = { ...program, own: ownOf(input), by, at: now(), requestId }
      return db.write((sql) => setPlan(sql, { ...change, plan: input.plan ?? null }))
    },
  }),
)
