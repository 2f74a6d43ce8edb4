import { type Args, connection, iso, type Row, refusal } from './mock-graph.ts'

/** What the pages about operations, their use and programs' plans show. */
export type MockRegistry = { operations: Row[]; usages: Row[]; plans: Row[] }

const dayMs = 86_400_000
const daysAgo = (days: number): string => iso(Date.now() - days * dayMs)

const operationRow = (name: string, change: Row = {}): Row => ({
  __typename: 'PersistedOperation',
  id: `operation-${name}`,
  name,
  kind: 'QUERY',
  hash: '5e45964525a759595adb96172b0c767b671ca1334f4b098f78d7be45bde4b93b',
  document: `query ${name} {\n  coaches(first: 3) {\n    edges {\n      node {\n        displayName\n      }\n    }\n  }\n}`,
  description: 'Published coaches, page by page.',
  cost: 84,
  contract: 'partner',
  client: 'partner',
  clientName: 'partner',
  clientVersion: '',
  calls: 12_345,
  p95Ms: 42.7,
  lastSeenAt: daysAgo(0),
  retiredAt: null,
  ...change,
})

const usageRow = (coordinate: string, change: Row = {}): Row => ({
  __typename: 'FieldUsage',
  coordinate,
  deprecation: null,
  calls: 12_345,
  operations: ['PartnerCoaches', 'PartnerCoach', 'Home', 'Coaches', 'CoachPage', 'Booking'],
  clients: [
    { __typename: 'ClientUse', client: 'web', clientName: 'web', calls: 11_000 },
    { __typename: 'ClientUse', client: 'club', clientName: 'Médiathèque', calls: 1_345 },
  ],
  ...change,
})

const planRow = (name: string, pointsPerMinute: number): Row => ({
  ...{ __typename: 'Plan', name, pointsPerMinute, burst: pointsPerMinute, concurrency: 50 },
  costMax: Math.min(2_000, pointsPerMinute),
})

export const createMockRegistry = (): MockRegistry => ({
  operations: [
    operationRow('PartnerCoaches'),
    operationRow('ClubCoaches', {
      ...{ clientName: 'Médiathèque de Lyon', clientVersion: '2.4.0', description: null, cost: 1 },
      ...{ calls: 0, p95Ms: null, lastSeenAt: null },
    }),
    operationRow('OldCoaches', { retiredAt: daysAgo(20), lastSeenAt: daysAgo(21) }),
  ],
  usages: [
    usageRow('Coach.headline'),
    usageRow('Coach.motto', {
      ...{ deprecation: 'Removed after 2027-01-31: use headline.', calls: 0 },
      ...{ clients: [], operations: [] },
    }),
  ],
  plans: [planRow('starter', 600), planRow('standard', 6_000)],
})

type Root = { registry: MockRegistry; isAdmin: boolean; programs: readonly Row[] }

/** The part of the graph's root for what clients may run, and spend. */
export function registryRoot({ registry, isAdmin, programs }: Root) {
  const list = (rows: readonly Row[], args: Args): Row => {
    if (!isAdmin) throw new Error('Not allowed.')
    return connection(rows, args)
  }
  const change = (typename: string, retiredAt: string | null) => (args: Args) => {
    const operation = registry.operations.find(({ id }) => id === args.id)
    if (!operation) return refusal('NotFoundError', 'NOT_FOUND')
    return { __typename: typename, operation: Object.assign(operation, { retiredAt }) }
  }
  return {
    persistedOperations: (args: Args) =>
      list(
        registry.operations.filter(({ name }) => String(name).includes(String(args.search ?? ''))),
        args,
      ),
    retireOperation: change('OperationRetired', daysAgo(0)),
    restoreOperation: change('OperationRestored', null),
    fieldUsages: (args: Args) => {
      const { deprecated } = (args.filter ?? {}) as { deprecated?: boolean }
      const rows = registry.usages.filter((row) => !deprecated || row.deprecation !== null)
      return list(rows, args)
    },
    plans: registry.plans,
    setClientPlan: ({ input }: { input: Args }) => {
      const program = programs.find(({ id }) => id === input.clientId)
      const plan = registry.plans.find(({ name }) => name === input.plan) ?? null
      if (!program) return refusal('NotFoundError', 'NOT_FOUND')
      const own = plan && { ...plan, __typename: 'ClientPlan', plan: plan.name }
      Object.assign(program, { plan: own })
      return { __typename: 'ClientPlanSet', plan: own }
    },
  }
}
