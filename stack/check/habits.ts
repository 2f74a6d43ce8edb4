import ts from 'typescript'
import { isTest, placeOf, roomOf, type Source, walk } from './source.ts'

const kebab = /^\.?[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/

/** Folders and files are named in kebab case. */
export const nameFaults = (sources: readonly Source[]): string[] =>
  sources
    .filter(({ path }) => !path.split('/').every((part) => kebab.test(part)))
    .map(({ path }) => `${path}: names are written in kebab-case`)

const isEnvironment = (node: ts.Node) =>
  ts.isPropertyAccessExpression(node) && /^(process|Bun|import\.meta)\.env$/.test(node.getText())

/** `process.env.NODE_ENV` in the browser's code is a constant that the bundler writes. */
const isBundlerConstant = (path: string, text: string) =>
  roomOf(path) === 'web' && text === 'process.env.NODE_ENV'

/** Who may read single variables, and who may hand the whole environment to a config.ts. */
const mayReadKeys = (path: string) => /(^|\/)config\.ts$/.test(path) || isTest(path)
const mayPassOn = (path: string) =>
  mayReadKeys(path) || /(^|\/)main\.ts$|^(stack|deploy)\//.test(path)

/**
 * Only `config.ts` reads variables; only `main.ts` and the files of stack and deploy hand the environment
 * to it.
 */
export function environmentFaults(sources: readonly Source[]): string[] {
  const faults: string[] = []
  for (const source of sources) {
    walk(source, (node) => {
      if (!isEnvironment(node) || isBundlerConstant(source.path, node.parent.getText())) return
      const readsKey =
        ts.isPropertyAccessExpression(node.parent) || ts.isElementAccessExpression(node.parent)
      const allowed = readsKey ? mayReadKeys(source.path) : mayPassOn(source.path)
      if (allowed) return
      faults.push(`${placeOf(source, node.getStart())}: only config.ts reads the environment`)
    })
  }
  return faults
}

const suppressions = /@ts-(ignore|expect-error|nocheck)|biome-ignore|eslint-disable/
const unfiled = /\b(TODO|FIXME|XXX)\b(?!\(#\d+\))/

const commentRule = (comment: string): string | null => {
  if (suppressions.test(comment)) return 'a rule is obeyed, not suppressed'
  return unfiled.test(comment) ? 'a TODO names its issue: TODO(#12)' : null
}

/** Suppressions, and intentions without an issue number, in the comments of one file. */
function commentFaultsIn(source: Source): string[] {
  const comments = new Map<number, string>()
  walk(source, (node) => {
    const ranges = [
      ...(ts.getLeadingCommentRanges(source.text, node.getFullStart()) ?? []),
      ...(ts.getTrailingCommentRanges(source.text, node.getEnd()) ?? []),
    ]
    for (const { pos, end } of ranges) comments.set(pos, source.text.slice(pos, end))
  })
  return [...comments].flatMap(([position, comment]) => {
    const fault = commentRule(comment)
    return fault ? [`${placeOf(source, position)}: ${fault}`] : []
  })
}

export const commentFaults = (sources: readonly Source[]): string[] =>
  sources.flatMap(commentFaultsIn)

const handsOn = /^(deps|options)\.without$/

/** Takes a guard away, or makes what takes one away: `gateway/identity/guards.ts`. */
const takesAway = (node: ts.Node) =>
  (ts.isPropertyAssignment(node) &&
    node.name.getText() === 'without' &&
    !handsOn.test(node.initializer.getText())) ||
  (ts.isTypeReferenceNode(node) && ts.isAsExpression(node.parent) && node.getText() === 'Without')

/**
 * Only a test leaves a guard of the gateway's identity out. The product hands on what it was given,
 * and is given nothing.
 */
export function guardFaults(sources: readonly Source[]): string[] {
  const faults: string[] = []
  for (const source of sources) {
    if (isTest(source.path) || roomOf(source.path) === 'web') continue
    walk(source, (node) => {
      if (!takesAway(node)) return
      faults.push(`${placeOf(source, node.getStart())}: only a test leaves a guard out`)
    })
  }
  return faults
}
