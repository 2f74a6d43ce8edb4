/** `bun run bench:gateway`: what an answer costs our gateway, and those that npm has. */
import { join } from 'node:path'
import { type Cold, measureCold } from './cold.ts'
import { type Ground, startGround, type Which } from './gateways.ts'
import { ensurePeers } from './install.ts'
import { plain, renamed } from './naming.ts'
import { operationNames } from './operations.ts'
import { type Options, optionsFrom } from './options.ts'
import { moveAside, startOn } from './place.ts'
import { reportOf, writeReport } from './report.ts'
import { type RowName, rows } from './rows.ts'
import { measureSection, type Result } from './section.ts'

const [, ...small] = operationNames
/** Ours, and stitching to see what of a difference is noise. */
const alsoRenamed: readonly RowName[] = ['compiled', 'stitched']

/** Every way of sharing, and every name, of the large operation is measured in the same rounds. */
async function measureAll(ground: Ground, options: Options): Promise<Result[]> {
  const none = (naming: typeof plain) => (row: RowName) =>
    ({ row, sharing: 'none', naming }) as const
  const alone = options.rows.map(none(plain))
  const shared = options.rows.flatMap((row): Which[] =>
    rows[row].sharings
      .filter((sharing) => sharing !== 'none')
      .map((sharing) => ({ row, sharing, naming: plain })),
  )
  const again = options.rows.filter((row) => alsoRenamed.includes(row)).map(none(renamed))
  const large = { which: [...alone, ...shared, ...again], operations: ['large'] as const }
  const others = { which: alone, operations: small }
  const quicker = { ...options, seconds: options.seconds / 2 }
  return [
    ...(await measureSection(ground, large, options)),
    ...(await measureSection(ground, others, quicker)),
  ]
}

/** Null where that engine is not among the rows. */
async function pureMsOf(ground: Ground, names: readonly RowName[]): Promise<number | null> {
  if (!names.includes('compiled')) return null
  const file = join(import.meta.dir, 'pure.ts')
  const child = startOn({ core: 'gateway' }, [
    ...[process.execPath, file, ground.fileOf(plain), 'compiled'],
  ])
  const { value } = await child.lines.next()
  await child.stop()
  return Number(value)
}

async function run(ground: Ground, options: Options): Promise<string> {
  const cold = new Map<RowName, Cold>()
  for (const row of options.rows)
    cold.set(
      row,
      await measureCold(ground, { row, sharing: 'none', naming: plain }, options.starts),
    )
  const results = await measureAll(ground, options)
  const pureMs = await pureMsOf(ground, options.rows)
  return reportOf({ results, cold, pureMs }, options.rows)
}

const options = optionsFrom(process.argv.slice(2))
ensurePeers()
moveAside()
const ground = await startGround()
try {
  const report = await run(ground, options)
  console.log(report)
  if (options.write) await writeReport(report)
} finally {
  await ground.stop()
}
