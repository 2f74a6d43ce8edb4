import { describe, expect, test } from 'bun:test'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { buildSchema, isInterfaceType, isObjectType, parse, validateSchema } from 'graphql'
import { type Contract, contractNamed, contracts, isWithin } from '#schema/contracts'
import { ContractError, contractsOf } from '../../contract-graph.ts'
import { supergraphFrom } from '../../engine/supergraph/index.ts'
import { randomGraph } from './random-graph.ts'

const schemaFile = (name: string) => join(import.meta.dir, '../../../schema', name)
const published = await readFile(schemaFile('supergraph.graphql'), 'utf8')

const contractsFrom = (text: string) => contractsOf(supergraphFrom(text))

function faultsOf(text: string): readonly string[] {
  try {
    contractsFrom(text)
    return []
  } catch (error) {
    if (error instanceof ContractError) return error.faults
    throw error
  }
}

const fieldsIn = (sdl: string) =>
  Object.values(buildSchema(sdl).getTypeMap())
    .filter((type) => isObjectType(type) || isInterfaceType(type))
    .filter(({ name }) => !name.startsWith('__'))
    .flatMap((type) => Object.keys(type.getFields()).map((field) => `${type.name}.${field}`))

describe('a graph of any shape', () => {
  test('is refused, or each of its contracts is a valid schema of nothing that is tagged wider', () => {
    let refused = 0
    let served = 0
    fc.assert(
      fc.property(randomGraph, ({ text, tagOf }) => {
        if (faultsOf(text).length > 0) {
          refused += 1
          return
        }
        const { sdlOf } = contractsFrom(text)
        for (const contract of contracts) {
          const sdl = sdlOf(contract)
          if (sdl === null) continue
          served += 1
          expect(validateSchema(buildSchema(sdl))).toEqual([])
          expect(sdl).not.toMatch(/secret|HIDDEN|join__|@tag/)
          for (const field of fieldsIn(sdl)) {
            const level = contractNamed(tagOf.get(field)) ?? 'app'
            expect(isWithin(level, contract)).toBe(true)
          }
        }
      }),
      { numRuns: 120 },
    )
    expect(Math.min(refused, served)).toBeGreaterThan(10)
  })
})

describe('the published graph', () => {
  const { sdlOf } = contractsFrom(published)
  const textOf = (contract: Contract) => sdlOf(contract) ?? ''

  test('has each contract within the next wider one', () => {
    const [first, ...wider] = contracts.map((contract) => new Set(fieldsIn(textOf(contract))))
    wider.reduce((narrow, wide) => {
      expect(wide.isSupersetOf(narrow)).toBe(true)
      expect(wide.size).toBeGreaterThan(narrow.size)
      return wide
    }, first ?? new Set())
  })

  test('shows nobody what staff do, and partners no person', () => {
    for (const name of ['auditEvents', 'AuditEvent', 'ApiClient', 'lastLoginAt'])
      for (const contract of ['public', 'partner', 'app'] as const)
        expect(textOf(contract)).not.toContain(name)
    expect(textOf('partner')).not.toMatch(/type (User|Viewer|Payment) /)
    expect(textOf('public')).not.toMatch(/Booking|Mutation.*hold/)
  })
})

describe('a tag that leaks is refused, and the fault names the field and the type', () => {
  const edited = (from: string, to: string) => {
    expect(published).toContain(from)
    return faultsOf(published.replaceAll(from, to))
  }

  test('when nothing of the type that a field gives is tagged', () => {
    const tag = '@tag(name: "partner")'
    const faults = edited(
      '  payment: Payment @join__field(graph: BILLING)',
      `  payment: Payment @join__field(graph: BILLING) ${tag}`,
    )
    expect(faults).toContain(
      'Booking.payment is in the contract "partner", but nothing of its type Payment is.',
    )
  })

  test('when a member of a union is not tagged', () => {
    const faults = edited(
      'type PasswordReset @join__type(graph: AUTH) @tag(name: "public")',
      'type PasswordReset @join__type(graph: AUTH)',
    )
    expect(faults).toContain(
      'Mutation.resetPassword gives ResetPasswordResult in the contract "public", but nothing of its member PasswordReset is in it.',
    )
  })

  test('when whoever is signed in would come to what is for staff', () => {
    const faults = edited(
      '  actingAs: Delegation',
      '  lastAct: AuditEvent @join__field(graph: USERS)\n  actingAs: Delegation',
    )
    expect(faults).toEqual([
      'Viewer.lastAct is in the contract "app", but nothing of its type AuditEvent is.',
    ])
  })

  test('when a type lacks what its interface shows', () => {
    const named =
      'interface Named @join__type(graph: USERS) { published: Boolean! @tag(name: "public") }'
    const faults = edited(
      'type Coach implements Node',
      `${named}\ntype Coach implements Named & Node`,
    )
    expect(faults.toSorted()).toEqual([
      'Named.published is in the contract "partner", but Coach.published, which implements it, is not.',
      'Named.published is in the contract "public", but Coach.published, which implements it, is not.',
    ])
  })

  test('negative control: as it is published it has no fault', () => {
    expect(faultsOf(published)).toEqual([])
  })
})

test('an operation outside of a contract is named with the field', () => {
  const { outside } = contractsFrom(published)
  const document = parse('{ bookings { edges { node { client { email } } } } }')
  expect(outside(document, 'public')).toEqual(['Cannot query field "bookings" on type "Query".'])
  expect(outside(document, 'partner')).toEqual(['Cannot query field "client" on type "Booking".'])
  expect(outside(document, 'app')).toEqual([])
})
