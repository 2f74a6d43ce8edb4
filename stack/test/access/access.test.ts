import { describe, expect, test } from 'bun:test'
import { subgraphs } from '#schema/subgraphs'
import { gatewayDoor } from './gateway-door.ts'
import { allFields, callers, coordinateOf, type Field, mayHave } from './guarded.ts'
import { reachedPast } from './reached.ts'
import { subgraphDoor } from './subgraph-door.ts'

const fields = await allFields()
const guarded = fields.filter(({ rules }) => rules.length > 0)
const roots = new Set(['Query', 'Mutation', 'Subscription'])

/** Who is let in, by field: what the contracts say beside what is answered. */
type Table = Record<string, string[]>

const nameOf = ({ role, acr }: (typeof callers)[number]) => `${role ?? 'nobody'} at ${acr}`

const tableOf = async (isLetIn: (field: Field, place: number) => Promise<boolean> | boolean) => {
  const table: Table = {}
  for (const field of guarded) {
    const answers = await Promise.all(callers.map((_, place) => isLetIn(field, place)))
    table[`${field.subgraph} ${coordinateOf(field)}`] = callers
      .filter((_, place) => answers[place])
      .map(nameOf)
  }
  return table
}

const expected = tableOf((field, place) => {
  const caller = callers[place]
  return caller !== undefined && mayHave(field, caller)
})

/** A page of the catalogue, a form of the sign-in, the status page, or what a mutation without a session answers. */
const forAnybody = [
  ...['Coach', 'Service', 'Money', 'CancellationPolicy', 'RefundStep', 'Slots', 'SlotDay', 'Slot'],
  ...['Availability', 'AvailabilityRule', 'AvailabilityException', 'LocalRange'],
  ...['PasswordPolicy', 'ProofOfWork', 'GeneratedPassword', 'Authentication', 'AccountCreated'],
  ...['PasswordResetRequested', 'PasswordReset', 'EmailVerified', 'ActingEnded'],
  ...['ServiceStatus', 'HealthTarget', 'HealthDay'],
]

/** By `node` or `viewer`: whose rows are seen is for the subgraph, and row-level security, to say. */
const byRows = [
  ...['Viewer', 'User', 'Delegation', 'Booking', 'RefundPreview', 'Payment'],
  ...['ApiClient', 'ApiKey', 'ClientPlan', 'PersistedOperation', 'WebhookDelivery'],
]

const envelopes = /^(Query|Mutation|Subscription|PageInfo)$|(Connection|Edge|Error)$/

describe('who may have which field', () => {
  test('every other type is behind a rule: no way leads to it past all of them', async () => {
    const reached = await reachedPast(new Set(guarded.map(coordinateOf)))
    const types = [...reached].filter((name) => !envelopes.test(name))
    expect(types.sort()).toEqual([...forAnybody, ...byRows].sort())
    // Without any rule nearly everything is within reach.
    const all = await reachedPast(new Set())
    expect(all.has('AuditEvent') && all.has('RecoveryCodes')).toBe(true)
  })

  test('every root field says who may have it, or that anybody may', () => {
    const silent = fields.filter(
      ({ type, rules, isPublic, name }) =>
        roots.has(type) && rules.length === 0 && !isPublic && !name.startsWith('_'),
    )
    expect(silent.map(coordinateOf)).toEqual([])
    expect(guarded.length).toBeGreaterThan(45)
  })

  test('each role gets from the gateway what its scopes allow, and nothing else', async () => {
    const door = await gatewayDoor()
    const answered = await tableOf((field, place) => {
      const caller = callers[place]
      return caller ? door.letsIn(field, caller) : false
    })
    expect(answered).toEqual(await expected)
  }, 120_000)

  test('each subgraph says the same by itself, to whoever comes past the gateway', async () => {
    const doors = new Map(
      await Promise.all(
        subgraphs.map(async ({ name }) => {
          const own = guarded.filter(({ subgraph }) => subgraph === name)
          return [name, await subgraphDoor(name, own)] as const
        }),
      ),
    )
    const answered = await tableOf(async (field, place) => {
      const [caller, door] = [callers[place], doors.get(field.subgraph)]
      return caller && door ? door.letsIn(field, caller) : false
    })
    expect(answered).toEqual(await expected)
  }, 120_000)
})
