import { type Json, listOf, recordOf, recordsOf, textOf, textsOf } from '../render/json.ts'
import type { Labels } from './workload.ts'

type Operator = (value: string | undefined, values: readonly Json[]) => boolean
const operators: Readonly<Record<string, Operator>> = {
  In: (value, values) => value !== undefined && values.includes(value),
  NotIn: (value, values) => value === undefined || !values.includes(value),
  Exists: (value) => value !== undefined,
  DoesNotExist: (value) => value === undefined,
}

/** Whether a label selector chooses these labels. An empty one chooses everything, none chooses nothing. */
export function isSelected(selector: Json | undefined, labels: Labels): boolean {
  if (selector === undefined || selector === null) return false
  const { matchLabels, matchExpressions } = recordOf(selector)
  const wanted = Object.entries(textsOf(matchLabels))
  return (
    wanted.every(([key, value]) => labels[key] === value) &&
    recordsOf(matchExpressions).every(({ key, operator, values }) => {
      const choose = operators[textOf(operator)]
      if (!choose) throw new Error(`a selector says ${textOf(operator)}`)
      return choose(labels[textOf(key)], listOf(values))
    })
  )
}
