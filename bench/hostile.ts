import { type DocumentNode, parse, validate } from 'graphql'
import { schemaOf } from '../gateway/engine/self-test/placeholder.ts'
import { supergraphFrom } from '../gateway/engine/supergraph/index.ts'
import { fakeSupergraph } from '../gateway/test/fake-subgraphs.ts'
import { type HostileDocument, hostileDocuments } from '../gateway/test/hostile-documents.ts'
import {
  admittedDocument,
  explorerLimits,
  type Limits,
  outsiderLimits,
} from '../kit/document/limits.ts'
import { type Cell, shareOf, tableOf } from './table.ts'

const errorsMax = 10
const rounds = 7
/** One of each way to make validation compare everything with everything. */
const traps = ['a fragment of copies that nobody uses', 'one field with arguments']

/** Larger ones of them would take minutes. */
const charactersMax = 30_000

const schema = schemaOf(supergraphFrom(fakeSupergraph).document)

const isValid = (document: DocumentNode) =>
  validate(schema, document, undefined, { maxErrors: errorsMax }).length === 0

/** CPU time of this process, user and system, in milliseconds. */
function cpuMs(work: () => unknown): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000
}

function isRefused(text: string, limits: Limits): boolean {
  try {
    return !isValid(admittedDocument(text, limits))
  } catch {
    return true
  }
}

type Measured = HostileDocument & { readonly firstMs: number; readonly bestMs: number }

/** Each document in every round: the best of them is without what else the machine was doing. */
function measured(documents: readonly HostileDocument[], limits: Limits): Measured[] {
  const refused = documents.filter(({ text }) => isRefused(text, limits))
  const times = refused.map((): number[] => [])
  for (let round = 0; round < rounds; round += 1)
    for (const [index, { text }] of refused.entries())
      times[index]?.push(cpuMs(() => isRefused(text, limits)))
  return refused.map((one, index) => {
    const [first = 0, ...later] = times[index] ?? []
    return { ...one, firstMs: first, bestMs: Math.min(...later) }
  })
}

function rowOf(name: string, limits: Limits, documents: readonly HostileDocument[]): Cell[] {
  const all = measured(documents, limits).sort((one, other) => one.bestMs - other.bestMs)
  const best = all.map(({ bestMs }) => bestMs)
  const worst = all.at(-1)
  return [
    name,
    `${all.length} of ${documents.length}`,
    shareOf(best, 0.5),
    shareOf(best, 0.99),
    worst?.bestMs ?? 0,
    worst?.family ?? '',
  ]
}

/** What it costs to refuse a thousand hostile documents, and what it would cost to validate them. */
export async function hostile(): Promise<string> {
  const documents = hostileDocuments(1_000, 20_261_121)
  const limited = tableOf(
    ['limits of', 'refused', 'p50 CPU ms', 'p99', 'worst', 'which'],
    [rowOf('outsiders', outsiderLimits, documents), rowOf('explorers', explorerLimits, documents)],
  )
  const unlimited = tableOf(
    ['without limits', 'characters', 'CPU ms'],
    traps.map((family) => {
      const texts = documents
        .filter((one) => one.family === family && one.text.length < charactersMax)
        .map(({ text }) => text)
      const text = texts.reduce((one, other) => (one.length > other.length ? one : other), '')
      return [family, text.length, cpuMs(() => isValid(parse(text)))]
    }),
  )
  return `${limited}\n\n${unlimited}`
}
