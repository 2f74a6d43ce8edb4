import type { ExecutionResult } from 'graphql'
import { AppError } from '#kit/errors'
import { landings } from './compare.ts'

/** What a subgraph that is down gives for every request, in so many ways. */
export const deaths: readonly (() => string)[] = [
  () => {
    throw new AppError('UNAVAILABLE', 'A part of the service is not available.')
  },
  () => '{"errors":[{"message":"down"}]}',
  () => '<html>Bad gateway</html>',
]

/** The answers with as little and with as much as may be. */
export type Bounds = { readonly least: ExecutionResult; readonly most: ExecutionResult }

/** What is wrong with an answer without one subgraph; nothing when it is as it must be. */
export function differencesWithout({ least, most }: Bounds, got: ExecutionResult): string[] {
  const { beside, places } = landings(got)
  const lost = more(most.data, got.data, '')
  return [
    ...more(got.data, most.data, '').map((place) => `There is something at ${place}.`),
    ...more(least.data, got.data, '').map((place) => `What has to be there is not: ${place}.`),
    ...lost
      .filter((place) => !places.has(place))
      .map((place) => `Nothing says why ${place} is null.`),
    // At an object it tells that more may be lost than can be seen: its type, or what it is made of.
    ...beside
      .filter((place) => isLeaf(got.data, place))
      .map((place) => `An error stands at ${place}, where there is a value.`),
  ]
}

function isLeaf(data: unknown, place: string): boolean {
  if (place === '') return false
  const value = place.split('.').reduce((inner, key) => Object(inner)[key], data)
  return typeof value !== 'object'
}

/** The places where one has a value, and the other has null or another value. */
function more(one: unknown, other: unknown, place: string): string[] {
  if (one === null || one === undefined) return []
  if (typeof one !== 'object') return Object.is(one, other) ? [] : [place]
  if (typeof other !== 'object' || other === null) return [place]
  const [keys, others] = [Object.keys(one), Object.keys(other)]
  if (keys.join() !== others.join()) return [place]
  return Object.entries(one).flatMap(([key, value]) =>
    more(value, Object(other)[key], place === '' ? key : `${place}.${key}`),
  )
}
