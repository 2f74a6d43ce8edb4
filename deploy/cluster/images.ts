import { rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { program } from '../../stack/program.ts'
import { type Place, socketOf } from './place.ts'
import { makeStandIn, type StandIn } from './stand-ins/image.ts'

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`

/** Puts a layout of the OCI into the node, by the names that its index gives. */
export const importLayout = (place: Place, folder: string): Promise<string> =>
  program([
    ...['bash', '-c'],
    `set -euo pipefail; tar -cf - -C ${quoted(folder)} . | ctr --address ${quoted(socketOf(place))} -n k8s.io images import -`,
  ])

/** Makes an image here and puts it into the node. */
export async function importStandIn(place: Place, standIn: StandIn): Promise<void> {
  const layout = await makeStandIn(place, standIn)
  await importLayout(place, layout)
  await rm(dirname(layout), { recursive: true })
}
