import { parseAllDocuments } from 'yaml'
import { requireTool } from '../../tools/path.ts'

type Settings = Readonly<Record<string, string>>

/** What Flux leaves as it is. */
const isLeftAlone = (document: string) =>
  /kustomize\.toolkit\.fluxcd\.io\/substitute: ["']?disabled/.test(document)

/** Flux' way: in the text, before anybody reads it as YAML. */
const settled = (text: string, settings: Settings) =>
  text
    .split(/^---$/m)
    .map((document) =>
      isLeftAlone(document)
        ? document
        : document.replaceAll(
            /\$\{(\w+)(?::-([^}]*))?\}/g,
            (whole, name: string, preset?: string) => settings[name] ?? preset ?? whole,
          ),
    )
    .join('---\n')

/** What the real kustomize makes of a folder, with the settings put in. Throws what kustomize says. */
export function kustomized(folder: string, settings: Settings = {}): unknown[] {
  const { exitCode, stdout, stderr } = Bun.spawnSync([requireTool('kustomize'), 'build', folder], {
    stderr: 'pipe',
  })
  if (exitCode !== 0) throw new Error(stderr.toString().trim())
  return parseAllDocuments(settled(stdout.toString(), settings), { version: '1.1' }).map(
    (document): unknown => document.toJS(),
  )
}
