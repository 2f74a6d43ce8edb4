import { expect, test } from 'bun:test'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'graphql'
import { ContractError } from '../../gateway/contract-graph.ts'
import { inContracts } from '../operations/contracts.ts'
import { operationOf } from '../operations/operation.ts'
import { contractTexts } from '../schema/contracts.ts'

const supergraph = await readFile(join(import.meta.dir, '../../schema/supergraph.graphql'), 'utf8')

function faultsAfter(from: string, to: string): readonly string[] {
  expect(supergraph).toContain(from)
  try {
    contractTexts(supergraph.replace(from, to))
    return []
  } catch (error) {
    if (error instanceof ContractError) return error.faults
    throw error
  }
}

const rows = [
  [
    'a tag that is misspelt',
    ['  redirectUrl: String! @tag(name: "partner")', '  redirectUrl: String! @tag(name: "partnr")'],
    'CheckoutStarted.redirectUrl has the tag "partnr", which means nothing there.',
  ],
  [
    'a tag on an argument',
    [
      'generatePassword(length: Int! = 24)',
      'generatePassword(length: Int! = 24 @tag(name: "public"))',
    ],
    'Mutation.generatePassword.length has the tag "public", which means nothing there.',
  ],
  [
    'a union that is for staff where a partner’s field gives it',
    ['union CancelResult ', 'union CancelResult @tag(name: "admin") '],
    'Mutation.cancelBooking leads to CancelResult in the contract "partner", which is tagged "admin".',
  ],
  [
    'a field that nobody but staff may read, among those of whoever is signed in',
    [
      '  lastLoginAt: DateTime @join__field(graph: USERS) @tag(name: "admin")',
      '  lastLoginAt: DateTime @join__field(graph: USERS)',
    ],
    'User.lastLoginAt is in the contract "app", whose callers may not read it.',
  ],
] as const

test.each(rows)('%s is refused', (_, [from, to], fault) => {
  expect(faultsAfter(from, to)).toContain(fault)
})

test('negative control: nothing is wrong with what is published', () => {
  expect(faultsAfter('type Query', 'type Query')).toEqual([])
})

const operation = (text: string, client: 'partner' | 'web') => {
  const found = operationOf(parse(text), client)
  return found ? [found] : []
}

test('an operation has the narrowest contract that has all it asks for', () => {
  const contractOf = (text: string) =>
    inContracts(operation(text, 'web'), supergraph).operations.map(({ contract }) => contract)
  expect(contractOf('query A { coaches { totalCount } }')).toEqual(['public'])
  expect(contractOf('query A { bookings { totalCount } }')).toEqual(['partner'])
  expect(contractOf('query A { viewer { roles } }')).toEqual(['app'])
  expect(contractOf('query A { coaches { totalCount } users { totalCount } }')).toEqual(['admin'])
})

test('an operation that asks for more than its client may is refused by name and field', () => {
  const text = 'query PartnerClients { bookings { edges { node { client { id } } } } }'
  expect(inContracts(operation(text, 'partner'), supergraph)).toEqual({
    operations: [],
    faults: [
      'PartnerClients is not within the contract "partner": Cannot query field "client" on type "Booking".',
    ],
  })
  expect(inContracts(operation(text, 'web'), supergraph).faults).toEqual([])
})
