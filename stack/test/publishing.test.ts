import { describe, expect, test } from 'bun:test'
import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { CompositionError, compose } from '../schema.ts'

const folder = join(import.meta.dir, 'unpublishable')
const textOf = (file: string) => Bun.file(join(folder, `${file}.graphql`)).text()

const registered = [
  { name: 'UserName', client: 'web', document: 'query UserName { user(id: "1") { name } }' },
]

/** Every sentence that speaks against the graph; empty for one that is published. */
function faultsOf(sdl: string, operations: Parameters<typeof compose>[1] = []): string[] {
  try {
    compose([{ name: 'users', sdl }], operations)
    return []
  } catch (error) {
    if (error instanceof CompositionError) return error.message.split('\n  ').slice(1)
    throw error
  }
}

const needsRegistered = /registered-operation/
const operationsFor = (file: string) => (needsRegistered.test(file) ? registered : [])

/** Each file breaks the one rule that it is named for. */
const faults: Readonly<Record<string, string>> = {
  'argument-that-a-registered-operation-lacks':
    'Operation UserName (web) would not run any more: Field "user" argument "tenant" of type "ID!" is required, but it was not provided.',
  context: 'users: User has @context, which no engine executes.',
  'context-by-another-name': 'users: User has @context, which no engine executes.',
  'federation-newer-than-v2.9': 'users: federation 2.10 is newer than 2.9.',
  'field-that-a-registered-operation-reads-is-gone':
    'Operation UserName (web) would not run any more: Cannot query field "name" on type "User".',
  'from-context': 'users: User.greeting has @fromContext, which no engine executes.',
  'root-field-in-an-extension':
    'users: Query.users has neither an authorization rule nor the tag "public".',
  'root-field-that-nobody-decided-about':
    'users: Query.user has neither an authorization rule nor the tag "public".',
  'root-field-with-another-tag':
    'users: Query.user has neither an authorization rule nor the tag "public".',
}

const files = (await readdir(folder)).map((file) => basename(file, '.graphql')).sort()

test('there is a fault for each file', () => {
  expect(files).toEqual(Object.keys(faults).sort())
})

test.each(files)('[MP-45] %s is not published, for that reason alone', async (file) => {
  expect(faultsOf(await textOf(file), operationsFor(file))).toEqual([faults[file] ?? ''])
})

describe('negative control: without its fault it is published', () => {
  const repairs: readonly (readonly [string, string, string])[] = [
    ['context', ' @context(name: "user")', ''],
    ['context-by-another-name', ' @scope(name: "user")', ''],
    ['federation-newer-than-v2.9', 'v2.10', 'v2.9'],
    ['field-that-a-registered-operation-reads-is-gone', 'fullName', 'name'],
    ['argument-that-a-registered-operation-lacks', 'tenant: ID!', 'tenant: ID'],
    ['from-context', ' @fromContext(field: "$user { locale }")', ''],
    ['root-field-in-an-extension', 'users: [User!]!', 'users: [User!]! @authenticated'],
    ['root-field-that-nobody-decided-about', '): User', '): User @tag(name: "public")'],
    ['root-field-with-another-tag', '"partner"', '"public"'],
  ]
  test.each(repairs)('%s', async (file, fault, repaired) => {
    const sdl = await textOf(file)
    expect(sdl).toContain(fault)
    expect(faultsOf(sdl.replace(fault, repaired), operationsFor(file))).toEqual([])
  })
})

test('a rule by another name decides about a root field', () => {
  const sdl = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9",
    import: [{ name: "@authenticated", as: "@signedIn" }])
    type Query { me: String @signedIn }`
  expect(faultsOf(sdl)).toEqual([])
})
