import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** One number that a drill measured, with the limit that it was held against. */
export type Figure = {
  readonly drill: string
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly limit?: number
}

const folder = resolve(import.meta.dir, '../../.plexus/drill')
const file = join(folder, 'figures.jsonl')

export function forgetFigures() {
  rmSync(file, { force: true })
}

/** Kept for the report of the run; a suite that runs alone leaves them too. */
export function recordFigure(figure: Figure) {
  mkdirSync(folder, { recursive: true })
  appendFileSync(file, `${JSON.stringify(figure)}\n`)
}

export const recordedFigures = (): Figure[] =>
  existsSync(file)
    ? readFileSync(file, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
    : []
