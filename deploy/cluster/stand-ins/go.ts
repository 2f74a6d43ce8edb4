import { file, folder } from '../../images/tree.ts'
import { requireTool } from '../../tools/path.ts'
import type { StandIn } from './image.ts'
import { accounts, nodeOf } from './tree.ts'

/** A program that was built by Go: nothing else is in its image. */
const goProgram = (tool: string, run: Readonly<Record<string, unknown>>): StandIn => ({
  name: `localhost/stand-in/${tool}:1`,
  run: { Entrypoint: [`/${tool}`], ...run },
  tree: async () =>
    new Map([
      [tool, await nodeOf(requireTool(tool))],
      ...accounts('nobody', 65_532),
      ['etc/ssl/certs/ca-certificates.crt', file('')],
      ['tmp', folder(0o1777)],
    ]),
})

export const coredns = goProgram('coredns', { User: '65532:65532' })
export const traefik = goProgram('traefik', { User: '65532:65532' })
