import { join } from 'node:path'
import { explain } from '../../stack/up/explain.ts'
import { layoutFolder } from './build.ts'
import { credentialsFrom } from './config.ts'
import { main } from './main.ts'
import { pinImageNames, pinTags } from './pin.ts'
import { pushAll } from './push.ts'
import { recordFrom } from './record.ts'
import { openRepository } from './registry.ts'

const root = join(import.meta.dir, '..', '..')
/** Where third parties are named, and how they are in that file. */
export const named: Readonly<Record<string, typeof pinTags>> = {
  'components/third-party/kustomization.yaml': pinTags,
  'base/data/cluster/workload.yaml': pinImageNames,
  'base/data/cluster/drill/cluster.yaml': pinImageNames,
  'recovery/cluster.yaml': pinImageNames,
}

type Env = Record<string, string | undefined>

async function pinFile(name: string, pinIn: typeof pinTags) {
  const file = join(root, 'deploy/k3s', name)
  const { text, pinned, missing } = await pinIn(await Bun.file(file).text(), openRepository)
  await Bun.write(file, text)
  console.log(`${name}: ${pinned.length} with their digest`)
  for (const one of missing) console.error(`Its registry does not have ${one}.`)
  return missing.length === 0
}

async function pin(): Promise<number> {
  let isAll = true
  for (const [name, pinIn] of Object.entries(named)) isAll = (await pinFile(name, pinIn)) && isAll
  return isAll ? 0 : 1
}

async function push([tag]: readonly string[], env: Env): Promise<number> {
  if (!tag || !/^[\w][\w.-]{0,127}$/.test(tag)) {
    console.error('Name the tag: `bun run images push main-12-0123abc`.')
    return 2
  }
  const record = recordFrom(await Bun.file(join(root, 'deploy/images.json')).text())
  const credentials = credentialsFrom(env)
  const open = (name: string) => openRepository(name, credentials)
  for (const name of await pushAll({ layout: layoutFolder(root), record, tag, open }))
    console.log(name)
  return 0
}

const build = async () => {
  await main()
  return 0
}

const commands: Readonly<Record<string, (args: readonly string[], env: Env) => Promise<number>>> = {
  build,
  pin,
  push,
}

/** `build` unless another is named; the result is the exit code. */
export async function run([name = 'build', ...args]: readonly string[], env: Env): Promise<number> {
  const command = commands[name]
  if (command)
    return command(args, env).catch((error: unknown) => {
      console.error(explain(error))
      return 1
    })
  console.error(`There is no "${name}". Name one of: ${Object.keys(commands).join(', ')}.`)
  return 2
}
