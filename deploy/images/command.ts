import { join } from 'node:path'
import { explain } from '../../stack/up/explain.ts'
import { layoutFolder } from './build.ts'
import { credentialsFrom } from './config.ts'
import { main } from './main.ts'
import { pinTags } from './pin.ts'
import { pushAll } from './push.ts'
import { recordFrom } from './record.ts'
import { openRepository } from './registry.ts'

const root = join(import.meta.dir, '..', '..')
const thirdParty = join(root, 'deploy/k3s/components/third-party/kustomization.yaml')

type Env = Record<string, string | undefined>

async function pin(): Promise<number> {
  const { text, pinned, missing } = await pinTags(await Bun.file(thirdParty).text(), openRepository)
  await Bun.write(thirdParty, text)
  console.log(`${pinned.length} tags have their digest.`)
  for (const name of missing) console.error(`Its registry does not have ${name}.`)
  return missing.length > 0 ? 1 : 0
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
