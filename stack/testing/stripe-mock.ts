import { existsSync } from 'node:fs'
import { copyFile, mkdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { withFileLock } from '../file-lock.ts'
import { freePort } from '../ports.ts'

/** Stripe's own mock: it checks each request against Stripe's OpenAPI description, which it embeds. */
const module = 'github.com/stripe/stripe-mock@v0.203.0'

const folder = join(import.meta.dir, '../../.plexus/cache', module.split('/').at(-1) ?? '')
const program = join(folder, 'stripe-mock')
const description = join(folder, 'spec3.json')

const isBuilt = () => existsSync(program) && existsSync(description)

const goPath = () => Bun.which('go') ?? Bun.which('/usr/local/go/bin/go')

/** Why stripe-mock cannot run, or null when it can. Where `CI=true`, a missing Go is a failure. */
export function stripeMockMissing(
  ci: boolean,
  canRun = isBuilt() || goPath() !== null,
): string | null {
  if (canRun) return null
  if (ci) throw new Error('CI=true needs Go 1.22 or later, which builds stripe-mock.')
  return 'no Go on this machine'
}

async function go(args: readonly string[], env: Record<string, string>): Promise<string> {
  const child = Bun.spawn([goPath() ?? 'go', ...args], {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [out, said] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ])
  if ((await child.exited) === 0) return out
  throw new Error(`go ${args.join(' ')} failed: ${said}`)
}

/** Once for each version; afterwards nothing is asked of the network. */
async function build(): Promise<void> {
  await mkdir(folder, { recursive: true })
  await withFileLock(join(folder, 'build.lock'), async () => {
    if (isBuilt()) return
    const { Dir: source }: { Dir: string } = JSON.parse(
      await go(['mod', 'download', '-json', module], {}),
    )
    await go(['install', module], { GOBIN: join(folder, 'new') })
    await copyFile(join(source, 'embedded/openapi/spec3.json'), `${description}.new`)
    await rename(`${description}.new`, description)
    await rename(join(folder, 'new/stripe-mock'), program)
  })
}

export type StripeMock = {
  readonly origin: string
  /** Stripe's OpenAPI description of the same version. */
  readonly description: unknown
  stop(): Promise<void>
}

/** Throws when it cannot be built or does not answer within ten seconds. */
export async function startStripeMock(): Promise<StripeMock> {
  if (!isBuilt()) await build()
  const port = await freePort()
  const child = Bun.spawn([program, '-http-addr', `127.0.0.1:${port}`], {
    stdio: ['ignore', 'ignore', 'ignore'],
  })
  const origin = `http://127.0.0.1:${port}`
  const stop = async () => {
    child.kill()
    await child.exited
  }
  const deadline = Date.now() + 10_000
  while (!(await fetch(origin).catch(() => null))) {
    if (child.exitCode === null && Date.now() < deadline) await Bun.sleep(50)
    else {
      await stop()
      throw new Error('stripe-mock does not answer.')
    }
  }
  return { origin, description: await Bun.file(description).json(), stop }
}
