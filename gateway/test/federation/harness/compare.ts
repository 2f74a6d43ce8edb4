import { expect } from 'bun:test'
import type { Case, ExpectedAnswer, ExpectedError } from './case.ts'
import type { Outcome } from './world.ts'

type Wanted = Pick<Case, 'data' | 'errors' | 'events' | 'refusal'>

/** Fails the test where the outcome is not what is wanted. */
export function compare(outcome: Outcome, wanted: Wanted): void {
  const { refusal } = wanted
  const said = refusal === undefined ? undefined : expect.stringContaining(refusal)
  expect('refusal' in outcome ? outcome.refusal : undefined).toEqual(said)
  const answers = answersIn(outcome)
  const wantedAnswers = refusal === undefined ? (wanted.events ?? [wanted]) : []
  expect(answers).toHaveLength(wantedAnswers.length)
  for (const [index, answer] of answers.entries()) compareAnswer(answer, wantedAnswers[index])
}

const answersIn = (outcome: Outcome): readonly ExpectedAnswer[] => {
  if ('refusal' in outcome) return []
  return 'events' in outcome ? outcome.events : [outcome]
}

/** Both at once, so that a failure shows everything that is wrong. */
function compareAnswer(got: ExpectedAnswer, wanted: ExpectedAnswer = {}) {
  const { missing, unexpected } = differencesOf(got.errors ?? [], wanted.errors ?? [])
  expect({ data: textOf(got.data), missing, unexpected }).toEqual({
    data: textOf(wanted.data),
    missing: [],
    unexpected: [],
  })
}

const textOf = (data: unknown) => JSON.stringify(data) ?? 'no data'

function differencesOf(got: readonly ExpectedError[], wanted: readonly ExpectedError[]) {
  const unexpected = [...got]
  const missing = wanted.filter((one) => {
    const index = unexpected.findIndex((told) => isMetBy(one, told))
    if (index >= 0) unexpected.splice(index, 1)
    return index < 0 && !one.isOptional
  })
  return { missing, unexpected }
}

const isMetBy = ({ path, message, code }: ExpectedError, told: ExpectedError) =>
  JSON.stringify(path) === JSON.stringify(told.path) &&
  (message === undefined || message === told.message) &&
  (code === undefined || code === told.code)
