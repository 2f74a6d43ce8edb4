import { parseArgs } from 'node:util'
import { openDatabase } from '../open-database.ts'
import { explain } from '../up/explain.ts'
import { verifyChain } from './chain.ts'
import { configFrom } from './config.ts'
import { auditLag } from './lag.ts'
import { reportOf } from './report.ts'

const usage = 'bun run audit verify [--expect HASH]'

/** Null for arguments that say nothing. */
function expectedFrom(args: readonly string[]): { expected: string | null } | null {
  try {
    const { positionals, values } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { expect: { type: 'string' } },
    })
    const expected = values.expect?.toLowerCase() ?? null
    const isHash = expected === null || /^[0-9a-f]{64}$/.test(expected)
    return positionals.join(' ') === 'verify' && isHash ? { expected } : null
  } catch {
    return null
  }
}

/** What driver or server say of a database that is away, or is none of ours, needs no stack. */
const reasonOf = (error: unknown) =>
  error instanceof Error && 'code' in error
    ? `The chain cannot be read: ${error.message}`
    : explain(error)

/** The exit code: 0 when the chain holds, 1 when it is broken, 2 when that could not be found out. */
export async function audit(
  args: readonly string[],
  env: Record<string, string | undefined>,
  print: (line: string) => void,
): Promise<number> {
  const asked = expectedFrom(args)
  if (!asked) {
    print(usage)
    return 2
  }
  try {
    const { sql, close } = await openDatabase(configFrom(env), 'plexus-audit')
    try {
      const chain = await verifyChain(sql, asked.expected)
      for (const line of reportOf(chain, await auditLag(sql))) print(line)
      return chain.fault ? 1 : 0
    } finally {
      await close()
    }
  } catch (error) {
    print(reasonOf(error))
    return 2
  }
}
