import { parseArgs } from 'node:util'
import { type RowName, rows } from './rows.ts'

export type Options = {
  readonly rows: readonly RowName[]
  readonly rounds: number
  /** Of one window; each round has one for each gateway and operation. */
  readonly seconds: number
  /** Windows until the code counts as compiled, at most. */
  readonly warmUpMax: number
  /** How often each gateway is started for the start time. */
  readonly starts: number
  readonly write: boolean
}

const isRow = (name: string): name is RowName => name in rows

/** Throws for a row or an option that does not exist. */
export function optionsFrom(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rows: { type: 'string' },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      quick: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
    },
  })
  const { quick, write } = values
  const asked = values.rows?.split(',') ?? Object.keys(rows)
  const names = asked.filter(isRow)
  if (names.length < asked.length)
    throw new Error(`Rows are: ${Object.keys(rows).join(', ')}. Not: ${asked.join(', ')}.`)
  return {
    rows: names,
    rounds: Number(values.rounds ?? (quick ? 2 : 3)),
    seconds: Number(values.seconds ?? (quick ? 1 : 2)),
    warmUpMax: quick ? 4 : 8,
    starts: quick ? 1 : 3,
    write,
  }
}
