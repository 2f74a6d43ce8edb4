import { join } from 'node:path'
import { clusterFrom } from '../model/cluster.ts'
import { profiles, renderOverlay } from '../render/overlay.ts'
import { type Flow, matrixOf } from './matrix.ts'

/** The committed table of who may speak to whom. */
export const matrixFile = join(import.meta.dirname, '../test/matrix.txt')

const heading = `Who may open a connection to whom: \`bun deploy/render.ts --matrix\` derives this from every network.yaml.
What is not here is refused. An intruder is a pod that no policy was written for.`

const section = (profile: string, flows: readonly Flow[]) =>
  [`# ${profile}`, ...flows.map(({ from, to }) => `${from} -> ${to}`)].join('\n')

/** The matrix of every profile, as it is committed. */
export const matrixPage = (): string => {
  const sections = profiles.map((profile) =>
    section(profile, matrixOf(clusterFrom(renderOverlay(profile)))),
  )
  return `${[heading, ...sections].join('\n\n')}\n`
}
