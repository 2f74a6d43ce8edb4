import type { ExecutionResult } from 'graphql'
import type { Answers } from './oracle.ts'

type Path = readonly (string | number)[]

/** What is wrong with the answers, a sentence each; nothing when they are as they must be. */
export function differences(
  expected: Answers,
  got: Answers,
  compared: 'all' | 'data',
): readonly string[] {
  if (expected.length !== got.length)
    return [`${got.length} answers came instead of ${expected.length}.`]
  return expected.flatMap((answer, index) => {
    const other = got[index]
    if (!other) return []
    const found = differencesOf(answer, other)
    return compared === 'all' ? found : found.filter((one) => one === dataDiffers)
  })
}

const dataDiffers = 'The data differs.'

function differencesOf(expected: ExecutionResult, got: ExecutionResult): string[] {
  const [must, is] = [textOf(expected.data), textOf(got.data)]
  if (must !== is) return [dataDiffers]
  if (expected.data === undefined)
    return Boolean(expected.errors) === Boolean(got.errors) ? [] : ['There is no error.']
  const wanted = placed(expected)
  const told = placed(got)
  return [
    ...twice(told.direct).map((place) => `Two errors stand at ${place}.`),
    ...told.beside.map((place) => `An error stands at ${place}, where there is a value.`),
    ...unlike(wanted.direct, told.direct),
    ...missing(wanted.bubbled, told.bubbled).map((place) => `Nothing says why ${place} is null.`),
    ...missing(told.bubbled, wanted.bubbled).map((place) => `Too much is said below ${place}.`),
  ]
}

/** The order of lists is nobody's promise in what is told of the schema itself. */
const aboutSchema: ReadonlySet<string> = new Set(['__schema', '__type', 'meta', 'about'])

const textOf = (data: ExecutionResult['data']): string | null | undefined =>
  data &&
  JSON.stringify(
    Object.entries(data).map(([key, value]) => [key, aboutSchema.has(key) ? sorted(value) : value]),
  )

function sorted(value: unknown): unknown {
  if (Array.isArray(value))
    return value
      .map(sorted)
      .map((item) => JSON.stringify(item))
      .sort()
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, sorted(inner)]))
}

type Placed = {
  /** At a null of their own, each with its message. */
  readonly direct: Map<string, string[]>
  /** Nulls around the places where something failed. */
  readonly bubbled: Set<string>
  readonly beside: string[]
}

/** A field whose failure nulls what is around it may keep others from being tried. */
function placed({ data, errors = [] }: ExecutionResult): Placed {
  const result: Placed = { direct: new Map(), bubbled: new Set(), beside: [] }
  for (const { path = [], message } of errors) {
    const landed = landingOf(data, path)
    const place = path.slice(0, landed ?? path.length).join('.')
    if (landed === null) result.beside.push(place)
    else if (landed < path.length) result.bubbled.add(place)
    else result.direct.set(place, [...(result.direct.get(place) ?? []), message])
  }
  return result
}

/** Where the errors of an answer are, for one whose errors' words nobody foresees. */
export function landings(answer: ExecutionResult) {
  const { direct, bubbled, beside } = placed(answer)
  return { beside, places: new Set([...direct.keys(), ...bubbled]) }
}

/** How far the path leads before there is null; null when there is a value at its end. */
function landingOf(data: unknown, path: Path): number | null {
  let value = data
  for (const [depth, key] of path.entries()) {
    if (value === null || value === undefined) return depth
    value = Object(value)[key]
  }
  return value === null || value === undefined ? path.length : null
}

const twice = (places: ReadonlyMap<string, string[]>) =>
  [...places].filter(([, messages]) => messages.length > 1).map(([place]) => place)

const missing = (from: ReadonlySet<string>, inThese: ReadonlySet<string>) =>
  [...from].filter((place) => !inThese.has(place)).map((place) => place || 'everything')

/** These words are the data's own, or decided; any others may be said differently. */
const exact = /failed$|^Unauthorized field|^Cannot return null for non-nullable field/

function unlike(wanted: Placed['direct'], told: Placed['direct']): string[] {
  const lost = [...wanted.keys()].filter((place) => !told.has(place))
  const more = [...told.keys()].filter((place) => !wanted.has(place))
  const other = [...wanted].flatMap(([place, [must = '']]) => {
    const [is = must] = told.get(place) ?? []
    return exact.test(must) && is !== must ? [`At ${place} is said “${is}”, not “${must}”.`] : []
  })
  return [
    ...lost.map((place) => `No error stands at ${place}.`),
    ...more.map((place) => `An error stands at ${place}, and should not.`),
    ...other,
  ]
}
