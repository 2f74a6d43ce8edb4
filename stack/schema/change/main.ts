import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Registry, registryFrom } from '../../../gateway/operations/registry.ts'
import { asReader } from '../../audit/chain.ts'
import { configFrom } from '../../audit/config.ts'
import { openDatabase } from '../../open-database.ts'
import { usedOperations } from './calls.ts'
import { type ContractSdl, contractsIn, writeContracts } from './published.ts'
import { linesOf, remedy } from './report.ts'
import { type Break, breaksOf, type UsedOperation } from './verdict.ts'

const schemaFolder = join(import.meta.dir, '../../../schema')
const currentFolder = join(schemaFolder, 'contracts')
const publishedFolder = join(schemaFolder, 'published')

/** From the file alone nobody knows how often they are called. */
const uncounted = (registry: Registry): UsedOperation[] =>
  registry.all().map(({ client, ...operation }) => ({
    ...operation,
    callers: [{ client, calls: null }],
  }))

const registered = async () =>
  uncounted(registryFrom(await Bun.file(join(schemaFolder, 'operations.json')).text()))

async function counted(env: Env, today: Date): Promise<UsedOperation[]> {
  const { sql, close } = await openDatabase(configFrom(env), 'plexus-schema')
  try {
    return await asReader(sql, (tx) => usedOperations(tx, today))
  } finally {
    await close()
  }
}

type Env = Record<string, string | undefined>

async function breaks(
  [before, after]: readonly [ContractSdl, ContractSdl],
  operations: readonly UsedOperation[],
  today: Date,
): Promise<Break[]> {
  const found: Break[] = []
  for (const [contract, sdl] of before) {
    const compared = { contract, before: sdl, after: after.get(contract) ?? '' }
    found.push(...(await breaksOf({ ...compared, operations, today })))
  }
  return found
}

type Asked = {
  readonly args: readonly string[]
  readonly env: Env
  readonly today: Date
  readonly print: (line: string) => void
}

/**
 * `bun run schema check [--calls]`: whether the contracts, as they would be, break what was
 * published. With `--calls` the database says who runs what; otherwise every registered operation
 * counts as called. True when nothing breaks that may not.
 */
export async function checkChange({ args, env, today, print }: Asked): Promise<boolean> {
  const { values } = parseArgs({ args: [...args], options: { calls: { type: 'boolean' } } })
  const sdl = [await contractsIn(publishedFolder), await contractsIn(currentFolder)] as const
  const operations = values.calls ? await counted(env, today) : await registered()
  const found = await breaks(sdl, operations, today)
  for (const line of found.flatMap(linesOf)) print(line)
  const isSafe = found.every(({ allowed }) => allowed !== null)
  print(isSafe ? `Nothing breaks that may not (${operations.length} operations).` : remedy)
  return isSafe
}

/** `bun run schema publish [--breaking]`: what is compared with from now on. */
export async function publishContracts(asked: Asked): Promise<boolean> {
  const options = { breaking: { type: 'boolean' } } as const
  const { values } = parseArgs({ args: [...asked.args], options })
  const isSafe = values.breaking || (await checkChange({ ...asked, args: [] }))
  if (!isSafe) return false
  await writeContracts(publishedFolder, await contractsIn(currentFolder))
  asked.print('The contracts are published: schema/published.')
  return true
}
