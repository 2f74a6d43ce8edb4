import { parseArgs } from 'node:util'
import { stringify } from 'yaml'
import { budgetOf, budgetPage } from '../budget/budget.ts'
import { mostMib } from '../budget/system.ts'
import { clusterFrom } from '../model/cluster.ts'
import { matrixFile, matrixPage } from '../network/page.ts'
import { brokenIn } from '../rules/table.ts'
import { overlays, profiles, renderOverlay } from './overlay.ts'
import type { Manifest } from './resource.ts'

const usage = `Usage: bun deploy/render.ts <overlay or folder> [--set NAME=value ...] [--rules]
       bun deploy/render.ts <profile> --budget
       bun deploy/render.ts --matrix
  --rules   says which rules the overlay breaks, in place of printing it
  --budget  says what the profile asks a node for
  --matrix  writes the table of who may speak to whom
Overlays: ${overlays.join(', ')}`

const pairFrom = (text: string): readonly [string, string] => {
  const split = text.indexOf('=')
  return [text.slice(0, split), text.slice(split + 1)]
}

const textOf = (documents: readonly Manifest[]): string =>
  documents.map((value) => stringify(value, { aliasDuplicateObjects: false })).join('---\n')

function sayBroken(documents: readonly Manifest[]): number {
  const broken = brokenIn(clusterFrom(documents))
  for (const [rule, faults] of broken) console.log([rule, ...faults].join('\n  '))
  return broken.size > 0 ? 1 : 0
}

function sayBudget(folder: string, documents: readonly Manifest[]): number {
  const profile = profiles.find((name) => folder.startsWith(name))
  if (!profile) return 2
  const rows = budgetOf(profile, clusterFrom(documents).workloads)
  console.log(budgetPage(profile, rows, mostMib[profile]))
  return 0
}

/** Prints what an overlay becomes, or what is wrong with it. Returns the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      set: { type: 'string', multiple: true },
      rules: { type: 'boolean' },
      budget: { type: 'boolean' },
      matrix: { type: 'boolean' },
    },
  })
  if (values.matrix) {
    await Bun.write(matrixFile, matrixPage())
    return 0
  }
  const [folder] = positionals
  if (!folder) {
    console.error(usage)
    return 2
  }
  const settings = Object.fromEntries((values.set ?? []).map(pairFrom))
  const documents = renderOverlay(folder, { settings })
  if (values.rules) return sayBroken(documents)
  if (values.budget) return sayBudget(folder, documents)
  console.log(textOf(documents))
  return 0
}
