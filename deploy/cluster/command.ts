import { StartError } from '../../stack/start-error.ts'
import { explain } from '../../stack/up/explain.ts'
import { ensureCatalogue } from '../tools/catalogue.ts'
import { enclosed, enter } from './enclosure.ts'
import { checkImages } from './product.ts'
import { builtKeycloak } from './stand-ins/keycloak.ts'

const usage = `bun deploy/cluster.ts [--keep] [COMMAND…]

Brings up a node of Kubernetes in a network, a mount table and a process table of its own, runs COMMAND beside it
with PLEXUS_CLUSTER in its environment, and leaves nothing. With --keep, or without COMMAND, it stays until Ctrl-C;
--in=FOLDER then runs another COMMAND beside it.`

/** The runtime takes the `--` away: what follows our own options is the command. */
function askedFrom(args: readonly string[]) {
  const first = args.findIndex((arg) => !arg.startsWith('--') || arg === '--')
  const end = first < 0 ? args.length : first
  const command = args.slice(args[end] === '--' ? end + 1 : end)
  return { options: args.slice(0, end), command }
}

/** What needs the network: in the enclosure there is none. */
async function prepare(): Promise<void> {
  await checkImages()
  await ensureCatalogue()
  await builtKeycloak()
}

/** The exit code of the command, or 1 with a sentence when there is no cluster. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    const { options, command } = askedFrom(args)
    const [option] = options
    if (option?.startsWith('--in=')) return await enter(option.slice('--in='.length), command)
    if (options.some((option) => option !== '--keep')) throw new StartError(usage)
    await prepare()
    return await enclosed({ keep: options.length > 0 || command.length === 0, command })
  } catch (error) {
    console.error(explain(error))
    return 1
  }
}
