import { clusterFrom } from '../model/cluster.ts'
import { type Flow, matrixOf } from '../network/matrix.ts'
import { profiles, renderOverlay } from '../render/overlay.ts'

/** `data/postgres:5432` in its parts; null for what is outside of the cluster. */
function placeFrom(text: string) {
  const [, namespace = '', name = '', port = ''] =
    /^([a-z-]+)\/([a-z0-9-]+)(?::(\S+))?$/.exec(text) ?? []
  return namespace ? { namespace, name, port } : null
}

const idOf = ({ namespace, name }: { namespace: string; name: string }) =>
  `${namespace}_${name}`.replaceAll('-', '_')

/** Names are looked up by everybody, and intruders are for tests: neither is drawn. */
const isDrawn = ({ from, to }: Flow) =>
  ![from, to].some((end) => end.includes('/kube-dns') || end.includes('/intruder'))

type End = {
  readonly id: string
  readonly namespace: string
  readonly name: string
  readonly port: string
}

function endFrom(text: string): End {
  const place = placeFrom(text)
  if (place) return { ...place, id: idOf(place) }
  const port = / port (\S+)$/.exec(text)?.[1] ?? ''
  return { id: 'internet', namespace: '', name: 'the internet', port }
}

/** One arrow for each pair, with every port on it. */
function arrowsOf(flows: readonly Flow[]): string[] {
  const ends = flows.map(({ from, to }) => ({ from: endFrom(from), to: endFrom(to) }))
  const pairs = Map.groupBy(ends, ({ from, to }) => `${from.id} -->|PORTS| ${to.id}`)
  return [...pairs].map(([arrow, all]) => {
    const ports = [...new Set(all.map(({ to }) => to.port))].sort((a, b) => Number(a) - Number(b))
    return `  ${arrow.replace('PORTS', ports.join(' '))}`
  })
}

function roomsOf(flows: readonly Flow[]): string[] {
  const ends = flows.flatMap(({ from, to }) => [endFrom(from), endFrom(to)])
  const inside = ends.filter(({ namespace }) => namespace !== '')
  const rooms = Map.groupBy(inside, ({ namespace }) => namespace)
  return [...rooms]
    .sort(([a], [b]) => a.localeCompare(b))
    .flatMap(([namespace, all]) => [
      `  subgraph ${namespace.replaceAll('-', '_')}[namespace ${namespace}]`,
      ...[...new Set(all.map(({ id, name }) => `    ${id}[${name}]`))].sort(),
      '  end',
    ])
}

/** A drawing in Mermaid of who may open a connection to whom. */
export function networkDrawing(all: readonly Flow[]): string {
  const flows = all.filter(isDrawn)
  return ['```mermaid', 'flowchart LR', ...roomsOf(flows), ...arrowsOf(flows), '```'].join('\n')
}

const heading = `# Network

Who may open a connection to whom, on which port: drawn from the policies by \`bun run docs:erd\`. What is not drawn is refused;
everybody looks names up. The same as a table: [matrix.txt](../../deploy/test/matrix.txt).`

/** The page of every profile, as it is committed. */
export const networkPage = (): string => {
  const sections = profiles.map(
    (profile) =>
      `## ${profile}\n\n${networkDrawing(matrixOf(clusterFrom(renderOverlay(profile))))}`,
  )
  return `${[heading, ...sections].join('\n\n')}\n`
}
