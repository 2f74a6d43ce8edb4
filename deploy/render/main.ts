import { parseArgs } from 'node:util'
import { stringify } from 'yaml'
import { overlays, renderOverlay } from './overlay.ts'

const usage = `Usage: bun deploy/render.ts <overlay or folder> [--set NAME=value ...]
Overlays: ${overlays.join(', ')}`

const pairFrom = (text: string): readonly [string, string] => {
  const split = text.indexOf('=')
  return [text.slice(0, split), text.slice(split + 1)]
}

/** Prints what an overlay becomes. Returns the exit code. */
export function main(args: readonly string[]): number {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { set: { type: 'string', multiple: true } },
  })
  const [folder] = positionals
  if (!folder) {
    console.error(usage)
    return 2
  }
  const settings = Object.fromEntries((values.set ?? []).map(pairFrom))
  const documents = renderOverlay(folder, { settings })
  console.log(
    documents.map((value) => stringify(value, { aliasDuplicateObjects: false })).join('---\n'),
  )
  return 0
}
