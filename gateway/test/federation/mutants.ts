/**
 * `bun gateway/test/federation/mutants.ts [hazard…]` takes the line away that each hazard guards, in
 * a copy of the gateway, and sees the hazard's test fail. A hazard that does not notice guards
 * nothing.
 */
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import type { Guard } from './harness/guard.ts'
import { type Listed, listedHazards } from './harness/inventory.ts'

const root = join(import.meta.dir, '../../..')
const copied = ['gateway', 'kit', 'schema', 'package.json', 'tsconfig.json']
const guardsMin = 30

type Outcome = 'noticed' | 'not noticed' | 'cannot be tried'
type Guarded = Listed & { readonly guards: Guard }

async function copyOfProduct(): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), 'mutants-'))
  for (const path of copied) await cp(join(root, path), join(copy, path), { recursive: true })
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'))
  return copy
}

/** Runs tests on the compiled engine, in process: the quickest way to see one fail. */
async function testsIn(copy: string, hazards: readonly Listed[]) {
  const files = hazards.map(({ file }) => `./${relative(root, file)}`)
  const child = Bun.spawn(
    ['bun', 'test', '--timeout', '2000', '-t', 'the compiled engine, local', ...files],
    { cwd: copy, stdout: 'pipe', stderr: 'pipe', timeout: 60_000 },
  )
  const said = await new Response(child.stderr).text()
  return {
    passed: (await child.exited) === 0,
    ran: /\((pass|fail)\) the compiled engine/.test(said),
  }
}

async function tried(copy: string, hazard: Guarded): Promise<Outcome> {
  const { file, line, instead } = hazard.guards
  const target = Bun.file(join(copy, file))
  const text = await target.text()
  const lines = text.split('\n')
  const changed = lines.flatMap((one) => {
    if (one.trim() !== line) return [one]
    return instead === undefined ? [] : [instead]
  })
  await target.write(changed.join('\n'))
  const { passed, ran } = await testsIn(copy, [hazard])
  await target.write(text)
  // Where no test began, the copy without the line does not even load: that proves nothing.
  if (!ran) return 'cannot be tried'
  return passed ? 'not noticed' : 'noticed'
}

async function tryAll(copy: string, hazards: readonly Guarded[]): Promise<number> {
  const whole = await testsIn(copy, hazards)
  if (!whole.passed) throw new Error('The hazards fail before anything is taken away.')
  let faults = 0
  for (const hazard of hazards) {
    const outcome = await tried(copy, hazard)
    if (outcome !== 'noticed') faults += 1
    console.log(
      `${outcome.padEnd(15)} ${hazard.name}: ${hazard.guards.file}: ${hazard.guards.line}`,
    )
  }
  return faults
}

const wanted = process.argv.slice(2)
const hazards = (await listedHazards())
  .filter(({ name }) => wanted.length === 0 || wanted.includes(name))
  .flatMap(({ guards, ...rest }) => (guards ? [{ ...rest, guards }] : []))
const copy = await copyOfProduct()
const faults = await tryAll(copy, hazards).finally(() => rm(copy, { recursive: true }))
console.log(`${hazards.length} lines were taken away, ${faults} times wrongly unnoticed`)
const isTooFew = wanted.length === 0 && hazards.length < guardsMin
process.exit(faults === 0 && !isTooFew ? 0 : 1)
