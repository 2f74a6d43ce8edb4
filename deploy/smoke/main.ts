import { join } from 'node:path'
import { z } from 'zod'
import { checksOf } from './checks.ts'
import { smoke } from './run.ts'

const operationsFile = join(import.meta.dir, '../../schema/operations.json')
const Operations = z.array(z.object({ name: z.string(), hash: z.string() }))

/** The exit code: 0 when the installation does all that is asked of it within the seconds given. */
export async function main([address = '', seconds = '0']: readonly string[]): Promise<number> {
  const origin = URL.parse(address)
  if (!origin || !/^\d+$/.test(seconds)) {
    console.error('Name the installation: `bun deploy/smoke.ts https://example.org [seconds]`.')
    return 2
  }
  const operations = Operations.parse(await Bun.file(operationsFile).json())
  const checks = checksOf(origin, operations)
  const faults = await smoke({
    ...{ checks, now: Date.now, untilMs: Date.now() + Number(seconds) * 1_000 },
    pause: () => Bun.sleep(2_000),
  })
  for (const fault of faults) console.error(fault)
  console.log(`${checks.length - faults.length} of ${checks.length} checks passed`)
  return faults.length === 0 ? 0 : 1
}
