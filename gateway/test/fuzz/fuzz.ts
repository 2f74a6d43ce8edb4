import fc from 'fast-check'
import type { Viewer } from '#kit/identity-token'
import { type Bench, benchOf, engines, type Way } from './benches.ts'
import { hashOf } from './choices.ts'
import { differences } from './compare.ts'
import { type Construct, constructs } from './constructs.ts'
import { excusesOf } from './excuses.ts'
import { type Model, modelFrom } from './model.ts'
import { type Drawn, operationFrom } from './operation.ts'
import { type Answers, oracleAnswers } from './oracle.ts'
import { type Servers, startServers } from './servers.ts'
import type { Run } from './world.ts'

export type Fuzzing = {
  readonly runs: number
  readonly seed: number
  /** Names of engines; all of them when left out. */
  readonly only?: readonly string[]
  /** Told of each failure; the first one of a supergraph ends that supergraph. */
  readonly failed: (report: string) => void
}

export type Tally = {
  readonly operations: number
  readonly failures: number
  /** How many operations each construct occurred in. */
  readonly occurrences: ReadonlyMap<Construct, number>
  /** How often each engine answered over each kind of transport. */
  readonly answered: ReadonlyMap<string, number>
  /** How often an engine was not compared, by the reason. */
  readonly excused: ReadonlyMap<string, number>
}

/** A failure is made smaller by so many tries. */
const shrinksMax = 400

/** So many operations are asked of one supergraph. */
const operationsPerModel = 100

const viewerWith = (scopes: readonly string[]): Viewer => ({
  id: '00000000-0000-7000-8000-000000000001',
  roles: [],
  scopes: new Set(scopes),
  acr: '1',
  actor: null,
  sessionId: 'session-1',
})

export const roles: Readonly<Record<string, Viewer | null>> = {
  root: viewerWith(['root', 'read', 'audit']),
  nobody: null,
  somebody: viewerWith([]),
  reader: viewerWith(['read']),
  auditor: viewerWith(['audit', 'read']),
}

type Case = { readonly tape: readonly number[]; readonly role: string }

const cases = fc.noBias(
  fc.record({
    tape: fc.array(fc.nat(0xffff), { minLength: 40, maxLength: 160, size: 'max' }),
    role: fc.constantFrom(...Object.keys(roles)),
  }),
)

type Counting = {
  operations: number
  failures: number
  readonly occurrences: Map<Construct, number>
  readonly answered: Map<string, number>
  readonly excused: Map<string, number>
}

/** Asks `runs` operations. The same seed asks the same ones. */
export async function fuzz({ runs, seed, only, failed }: Fuzzing): Promise<Tally> {
  const servers = startServers()
  const tally: Counting = {
    ...{ operations: 0, failures: 0, answered: new Map(), excused: new Map() },
    occurrences: new Map(constructs.map((construct) => [construct, 0])),
  }
  try {
    for (let index = 0; tally.operations < runs && index * operationsPerModel < runs; index += 1) {
      const numRuns = Math.min(operationsPerModel, runs - index * operationsPerModel)
      const plan = { model: modelFrom(seed + index), numRuns, names: only ?? Object.keys(engines) }
      const report = await fuzzOne(plan, servers, tally)
      tally.operations += numRuns
      if (report === null) continue
      tally.failures += 1
      failed(report)
    }
  } finally {
    await servers.stop()
  }
  return tally
}

type Plan = {
  readonly model: Model
  readonly numRuns: number
  readonly names: readonly string[]
}

/** Null when all went well, else everything there is to say about the smallest failure. */
async function fuzzOne({ model, numRuns, names }: Plan, servers: Servers, tally: Counting) {
  const bench = benchOf(model, { steps: 0, draws: 0, seen: new Set() }, servers)
  let number = 0
  let shrinks = 0
  let last = ''
  const property = fc.asyncProperty(cases, async (one) => {
    if (last && ++shrinks > shrinksMax) return
    // While it shrinks, every engine that can is asked over the plainest of transports.
    const pairs = last ? plainPairs : pairsOf(number++)
    const asked = pairs.filter(([name]) => names.includes(name))
    const wrong = await wrongIn(bench, one, { pairs: asked, tally: last ? null : tally })
    if (!wrong) return
    last = wrong
    throw new Error('It differs.')
  })
  const details = await fc.check(property, { numRuns, seed: model.seed, endOnFailure: false })
  if (!details.failed) return null
  return `bun run fuzz --runs ${numRuns} --seed ${model.seed}\n${last || details.errorInstance}`
}

type Pair = readonly [engine: string, way: Way]

const plainPairs: readonly Pair[] = [
  ['compiled', 'text'],
  ['stitched', 'text'],
]

/** Which engine answers the operation over which transport. */
function pairsOf(number: number): readonly Pair[] {
  const pairs: Pair[] = [['compiled', 'text']]
  if (number % 8 === 1) pairs.push(['compiled', 'http'])
  if (number % 8 === 3) pairs.push(['compiled', 'local'])
  if (number % 2 === 0) pairs.push(['stitched', number % 16 === 0 ? 'http' : 'text'])
  return pairs
}

type Asking = { readonly pairs: readonly Pair[]; readonly tally: Counting | null }

/** Null, or what is wrong with the first answer that is not as it must be. */
async function wrongIn(bench: Bench, { tape, role }: Case, { pairs, tally }: Asking) {
  const { model, run } = bench
  const drawn = operationFrom(model, tape)
  const viewer = roles[role] ?? null
  restart(run, drawn)
  const expected = await expectedOf(bench, drawn, viewer)
  for (const construct of run.seen) count(tally?.occurrences, construct)
  const seen = new Set(run.seen)
  for (const [engine, way] of pairs) {
    const excuses = excusesOf(engine, { drawn, seen })
    for (const { reason, spares } of excuses)
      count(tally?.excused, `${engine}, ${spares}, ${reason}`)
    if (excuses.some(({ spares }) => spares === 'answer')) continue
    restart(run, drawn)
    const got = await bench.answers(engine, way, drawn, viewer).catch(thrownFrom)
    count(tally?.answered, `${engine} over ${way}`)
    const wrong =
      got instanceof Error
        ? [`It threw: ${got.stack}`]
        : differences(expected, got, excuses.length > 0 ? 'data' : 'all')
    if (wrong.length > 0) return reportOf({ model, drawn, role, engine, way, wrong, expected, got })
  }
  return null
}

function restart(run: Run, drawn: Drawn): void {
  run.steps = 0
  run.draws = hashOf(drawn.document)
  run.seen.clear()
  for (const construct of drawn.written) run.seen.add(construct)
}

const thrownFrom = (error: unknown): Error =>
  error instanceof AggregateError
    ? new Error(error.errors.map(String).join('\n'))
    : error instanceof Error
      ? error
      : new Error(String(error))

async function expectedOf({ model, run }: Bench, drawn: Drawn, viewer: Viewer | null) {
  const variant = {
    authenticated: viewer !== null,
    scopes: viewer?.scopes ?? new Set<string>(),
    policies: new Set<string>(),
  }
  const expected = await oracleAnswers({ model, run }, drawn, variant)
  for (const { errors = [] } of expected)
    for (const { message } of errors) {
      if (message.endsWith(' failed')) run.seen.add('field that fails')
      if (message.startsWith('Cannot return null')) run.seen.add('null that bubbles')
    }
  return expected
}

function count<Key>(counts: Map<Key, number> | undefined, key: Key): void {
  counts?.set(key, (counts.get(key) ?? 0) + 1)
}

type Failure = {
  readonly model: Model
  readonly drawn: Drawn
  readonly role: string
  readonly engine: string
  readonly way: Way
  readonly wrong: readonly string[]
  readonly expected: Answers
  readonly got: Answers | Error
}

const reportOf = ({ model, drawn, role, engine, way, wrong, expected, got }: Failure): string =>
  [
    `${engine} over ${way}, for ${role}:`,
    ...wrong,
    ...Object.entries(model.subgraphs).map(([name, sdl]) => `# ${name}\n${sdl}`),
    drawn.document,
    `variables ${JSON.stringify(drawn.variables)}`,
    `expected ${JSON.stringify(expected)}`,
    `got      ${got instanceof Error ? got.message : JSON.stringify(got)}`,
  ].join('\n')
