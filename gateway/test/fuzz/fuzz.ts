import fc from 'fast-check'
import { OperationTypeNode } from 'graphql'
import { type Bench, benchOf, engines, type Way } from './benches.ts'
import { hashOf, pick, seeded } from './choices.ts'
import { differences } from './compare.ts'
import { type Construct, constructs } from './constructs.ts'
import { type Bounds, deaths, differencesWithout } from './dead.ts'
import { excusesOf } from './excuses.ts'
import { type Model, modelFrom } from './model.ts'
import { type Drawn, operationFrom } from './operation.ts'
import { type Answers, oracleAnswers } from './oracle.ts'
import { type Caller, roles } from './roles.ts'
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
const operationsPerModel = 200

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
  const bench = benchOf(model, { steps: 0, draws: 0, dead: null, seen: new Set() }, servers)
  let number = 0
  let shrinks = 0
  let last = ''
  const property = fc.asyncProperty(cases, async (one) => {
    if (last && ++shrinks > shrinksMax) return
    // While it shrinks, every engine that can is asked over the plainest of transports.
    const pairs = last ? plainPairs : pairsOf(number++)
    const asking = {
      pairs: pairs.filter(([name]) => names.includes(name)),
      mayDie: names.includes('compiled') && (last !== '' || number % 4 === 1),
      tally: last ? null : tally,
    }
    const wrong = await wrongIn(bench, one, asking)
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

type Asking = {
  readonly pairs: readonly Pair[]
  /** Whether one of the subgraphs is down for another try. */
  readonly mayDie: boolean
  readonly tally: Counting | null
}

/** Null, or what is wrong with the first answer that is not as it must be. */
async function wrongIn(bench: Bench, { tape, role }: Case, { pairs, mayDie, tally }: Asking) {
  const { model, run } = bench
  const drawn = operationFrom(model, tape)
  const caller = roles[role]
  if (!caller) throw new Error(`There is no role ${role}.`)
  restart(run, drawn)
  const expected = await expectedOf(bench, drawn, caller)
  for (const construct of run.seen) count(tally?.occurrences, construct)
  const seen = new Set(run.seen)
  for (const [engine, way] of pairs) {
    const excuses = excusesOf(engine, { drawn, seen })
    for (const { reason, spares } of excuses)
      count(tally?.excused, `${engine}, ${spares}, ${reason}`)
    if (excuses.some(({ spares }) => spares === 'answer')) continue
    restart(run, drawn)
    const got = await bench.answers(engine, way, drawn, caller).catch(thrownFrom)
    count(tally?.answered, `${engine} over ${way}`)
    const wrong =
      got instanceof Error
        ? [`It threw: ${got.stack}`]
        : differences(expected, got, excuses.length > 0 ? 'data' : 'all')
    if (wrong.length > 0) return reportOf({ model, drawn, role, engine, way, wrong, expected, got })
  }
  return mayDie ? wrongWithout(bench, { drawn, role, caller, expected, seen, tally }) : null
}

type Whole = Pick<Failure, 'drawn' | 'role' | 'expected'> & {
  readonly caller: Caller
  readonly seen: ReadonlySet<Construct>
  readonly tally: Counting | null
}

/** What makes more than its own field depend on who is there: a type, a request, a list's order. */
const intertwined = [
  'interface object',
  '@requires',
  '@inaccessible',
  'mixed introspection',
] as const

/** The same while one of the subgraphs is down: what has to be there, and what may be. */
async function wrongWithout(bench: Bench, { drawn, role, caller, expected, seen, tally }: Whole) {
  const { model, run, taken } = bench
  const [most] = expected
  if (drawn.kind !== OperationTypeNode.QUERY || most?.data === undefined) return null
  if (intertwined.some((construct) => seen.has(construct))) return null
  const choices = seeded(hashOf(drawn.document))
  const dead = pick(choices, Object.keys(model.subgraphs))
  taken.death = pick(choices, deaths)
  const [engine, way] = ['compiled', 'text'] as const
  try {
    restart(run, drawn)
    run.dead = dead
    const [least = {}] = await oracleAnswers({ model, run }, drawn, caller.variant)
    restart(run, drawn)
    taken.asked.clear()
    const got = await bench.answers(engine, way, drawn, caller).catch(thrownFrom)
    if (taken.asked.has(dead)) count(tally?.occurrences, 'subgraph that is down')
    const wrong = wrongOf(got, taken.asked.has(dead) ? { least, most } : { least: most, most })
    if (wrong.length === 0) return null
    const told = { role: `${role}, without ${dead}`, expected: [least, most] }
    return reportOf({ ...told, model, drawn, engine, way, wrong, got })
  } finally {
    run.dead = null
  }
}

const wrongOf = (got: Answers | Error, bounds: Bounds): readonly string[] =>
  got instanceof Error
    ? [`It threw: ${got.stack}`]
    : got.flatMap((answer) => differencesWithout(bounds, answer))

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

async function expectedOf({ model, run }: Bench, drawn: Drawn, { variant }: Caller) {
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
