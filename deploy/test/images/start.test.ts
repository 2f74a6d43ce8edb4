import { expect, test } from 'bun:test'
import { join } from 'node:path'

const root = join(import.meta.dir, '../../..')

/** The packages that a service loads before it does anything, by the bundler's own record of imports. */
async function loadedAtStart(entry: string): Promise<Set<string>> {
  const { metafile } = await Bun.build({
    entrypoints: [join(root, entry)],
    ...{ root, target: 'bun', splitting: true, metafile: true },
  })
  const outputs = metafile?.outputs ?? {}
  const seen = new Set<string>()
  const load = (path: string) => {
    if (seen.has(path)) return
    seen.add(path)
    for (const one of outputs[path]?.imports ?? [])
      if (one.kind === 'import-statement') load(one.path)
  }
  // What is imported later has an entry too.
  for (const path of Object.keys(outputs))
    if (outputs[path]?.entryPoint?.endsWith(entry)) load(path)
  const inputs = [...seen].flatMap((path) => Object.keys(outputs[path]?.inputs ?? {}))
  const names = inputs.map((input) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1])
  return new Set(names.filter((name) => name !== undefined))
}

// Together they were half of what a service took to start, in time and in memory, for code that few ask for.
const later = {
  users: ['nodemailer', '@apollo/federation-internals'],
  bookings: ['@apollo/federation-internals'],
  billing: ['@apollo/federation-internals'],
  auth: ['oidc-provider', '@simplewebauthn/server', 'qrcode', '@zxcvbn-ts/core'],
}

test.each(Object.entries(later))(
  '%s loads what it runs, and later what few ask for',
  async (name, packages) => {
    const loaded = await loadedAtStart(`subgraphs/${name}/main.ts`)
    expect(loaded.has('graphql') && loaded.has('postgres')).toBeTrue()
    expect(packages.filter((one) => loaded.has(one))).toEqual([])
  },
)

test('the gateway answers by its engine: stitching, Yoga and MCP are loaded when they are asked for', async () => {
  const loaded = await loadedAtStart('gateway/main.ts')
  expect(loaded.has('graphql')).toBeTrue()
  const packages = ['@graphql-tools/stitch', 'graphql-yoga', '@modelcontextprotocol/sdk', 'ajv']
  expect(packages.filter((one) => loaded.has(one))).toEqual([])
})
