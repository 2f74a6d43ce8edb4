import { z } from 'zod'
import type { Catalogue } from '../../tools/catalogue.ts'
import { requireTool } from '../../tools/path.ts'

const Output = z.object({
  resources: z.array(
    z.object({
      kind: z.string(),
      name: z.string(),
      status: z.enum([
        'statusValid',
        'statusInvalid',
        'statusError',
        'statusSkipped',
        'statusEmpty',
      ]),
      msg: z.string(),
    }),
  ),
})

export type Verdict = { readonly object: string; readonly ok: boolean; readonly says: string }

/** What kubeconform says of each object; a kind without a schema is an error, never skipped. */
export async function conform(
  { folder }: Pick<Catalogue, 'folder'>,
  objects: readonly unknown[],
): Promise<Verdict[]> {
  const child = Bun.spawn(
    [
      ...[requireTool('kubeconform'), '-strict', '-output', 'json', '-verbose'],
      ...['-schema-location', `${folder}/{{.ResourceKind}}{{.KindSuffix}}.json`, '-'],
    ],
    { stdin: 'pipe', stdout: 'pipe', stderr: 'inherit' },
  )
  child.stdin.write(objects.map((object) => JSON.stringify(object)).join('\n---\n'))
  child.stdin.end()
  const { resources } = Output.parse(JSON.parse(await new Response(child.stdout).text()))
  return resources.map(({ kind, name, status, msg }) => ({
    object: `${kind} ${name}`,
    ok: status === 'statusValid',
    says: msg,
  }))
}
