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
  'external-on-an-interface-object':
    'users: Post.title is @external on an interface object, which composition forgets.',
  'federation-newer-than-v2.9': 'users: federation 2.10 is newer than 2.9.',
  'field-that-a-registered-operation-reads-is-gone':
    'Operation UserName (web) would not run any more: Cannot query field "name" on type "User".',
  'from-context': 'users: User.greeting has @fromContext, which no engine executes.',
  'root-field-in-an-extension':
    'users: Query.users has neither an authorization rule nor the tag "public".',
  'root-field-that-nobody-decided-about':
    'users: Query.user has neither an authorization rule nor the tag "public".',
  'root-field-with-a-rule-of-its-own':
    'users: Query.user has neither an authorization rule nor the tag "public".',
  'root-field-with-another-tag':
    'users: Query.user has neither an authorization rule nor the tag "public".',
  'rule-of-its-own': "users: User.email has @authenticated, which is not Federation's own.",
  'rule-without-alternatives':
    'users: User.email has @requiresScopes without any alternative, which composition forgets.',
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
    ['root-field-with-a-rule-of-its-own', ': User @company__policy', ': User @tag(name: "public")'],
    ['rule-without-alternatives', '[])', '[["mail"]])'],
    ['rule-of-its-own', '["@key", "@tag"]', '["@key", "@tag", "@authenticated"]'],
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

test('a rule of its own decides nothing about a root field', () => {
  const sdl = `directive @authenticated on FIELD_DEFINITION type Query { me: String @authenticated }`
  expect(faultsOf(sdl)).toContain(
    'users: Query.me has neither an authorization rule nor the tag "public".',
  )
})

test('an external field is published where its type is no interface object', () => {
  const [of, home] = ['', ' @shareable'].map(
    (shared) => `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9",
      import: ["@key", "@external", "@requires", "@shareable", "@tag"])
    type Query { post: Post @tag(name: "public") @shareable }
    type Post @key(fields: "id") { id: ID!, title: String! ${shared || '@external'}
      ${shared ? '' : 'slug: String @requires(fields: "title")'} }`,
  )
  const parts = { of: of ?? '', home: home ?? '' }
  expect(() => compose(Object.entries(parts).map(([name, sdl]) => ({ name, sdl })))).not.toThrow()
})
