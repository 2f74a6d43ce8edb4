import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { ended } from '../../stack/program.ts'
import type { Manifest } from '../render/resource.ts'
import { requireTool } from '../tools/path.ts'
import type { Waiver } from './waivers.ts'

/** What a linter holds against an object. */
export type Finding = {
  readonly linter: Waiver['linter']
  readonly rule: string
  readonly object: string
}

/** What a program printed; linters end with 1 when they find something. */
async function printed(command: readonly string[]): Promise<string> {
  const { out, said } = await ended(command)
  if (out.trim() === '') throw new Error(`${command[0]} says nothing: ${said.slice(-500)}`)
  return out
}

async function inFile<T>(manifests: readonly Manifest[], work: (file: string) => Promise<T>) {
  const folder = await mkdtemp(join(tmpdir(), 'plexus-lint-'))
  const file = join(folder, 'manifests.yaml')
  try {
    await writeFile(file, manifests.map((manifest) => JSON.stringify(manifest)).join('\n---\n'))
    return await work(file)
  } finally {
    await rm(folder, { recursive: true })
  }
}

const Scores = z.array(
  z.object({
    type_meta: z.object({ kind: z.string() }),
    object_meta: z.object({ name: z.string() }),
    checks: z.array(
      z.object({
        check: z.object({ id: z.string() }),
        grade: z.number(),
        skipped: z.boolean(),
      }),
    ),
  }),
)

/** Of ten; what has less is a warning or worse. */
const fine = 7

/** Everything that kube-score calls critical, or warns of. */
export const scored = (manifests: readonly Manifest[]): Promise<Finding[]> =>
  inFile(manifests, async (file) => {
    const text = await printed([requireTool('kube-score'), 'score', '-o', 'json', file])
    return Scores.parse(JSON.parse(text)).flatMap(({ type_meta, object_meta, checks }) =>
      checks
        .filter(({ grade, skipped }) => !skipped && grade < fine)
        .map(({ check }) => ({
          linter: 'kube-score' as const,
          rule: check.id,
          object: `${type_meta.kind}/${object_meta.name}`,
        })),
    )
  })

const Checked = z.object({
  results: z.object({
    failed_checks: z.array(z.object({ check_id: z.string(), resource: z.string() })),
  }),
  summary: z.object({ passed: z.number(), parsing_errors: z.number() }),
})

/** `Deployment.app.gateway`; a name may have dots of its own. */
const objectOf = (resource: string) => {
  const [kind = '', , ...name] = resource.split('.')
  return `${kind}/${name.join('.')}`
}

/** Everything that checkov fails. Throws when it could not read it all. */
export const checked = (manifests: readonly Manifest[]): Promise<Finding[]> =>
  inFile(manifests, async (file) => {
    const quiet = ['--compact', '--quiet', '--skip-download']
    const command = [requireTool('checkov'), '-f', file, '--framework', 'kubernetes', '-o', 'json']
    const text = await printed([...command, ...quiet])
    const { results, summary } = Checked.parse(JSON.parse(text))
    if (summary.parsing_errors > 0 || summary.passed === 0)
      throw new Error(`checkov could not read what it was given: ${JSON.stringify(summary)}`)
    return results.failed_checks.map(({ check_id, resource }) => ({
      linter: 'checkov' as const,
      rule: check_id,
      object: objectOf(resource),
    }))
  })

const matches = (pattern: string, object: string) =>
  new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(object)

const isWaivedBy = ({ linter, rule, objects }: Waiver, finding: Finding): boolean =>
  linter === finding.linter &&
  rule === finding.rule &&
  objects.some((pattern) => matches(pattern, finding.object))

const lineOf = ({ linter, rule, object }: Finding) => `${linter} ${rule} ${object}`

/** What no waiver speaks of. */
export const unwaived = (findings: readonly Finding[], waivers: readonly Waiver[]): string[] => {
  const open = findings.filter((finding) => !waivers.some((waiver) => isWaivedBy(waiver, finding)))
  return [...new Set(open.map(lineOf))].sort()
}

/** What a waiver speaks of in vain. */
export const unneeded = (findings: readonly Finding[], waivers: readonly Waiver[]): string[] =>
  waivers.flatMap((waiver) =>
    waiver.objects
      .filter(
        (pattern) => !findings.some((own) => isWaivedBy({ ...waiver, objects: [pattern] }, own)),
      )
      .map((object) => lineOf({ ...waiver, object })),
  )
