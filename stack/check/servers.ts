import type { CheckConfig } from './config.ts'
import type { Step } from './step.ts'

type Env = Record<string, string>

// Loaded when needed: what does not load fails one step, not all of them.
const keycloak = () => import('../testing/keycloak.ts')
const postgres = () => import('../testing/server.ts')

/** What a test process finds the servers by that all of them share. */
export async function sharedServers({ testPostgres, testKeycloak }: CheckConfig): Promise<Env> {
  const address = testKeycloak ?? (await keycloakAddress())
  return {
    PLEXUS_TEST_POSTGRES: testPostgres ?? (await (await postgres()).testServer()).adminUrl,
    ...(address && { PLEXUS_TEST_KEYCLOAK: address }),
  }
}

/** Null where it cannot run; why it does not start is said by the first test that needs it. */
async function keycloakAddress(): Promise<string | null> {
  const { keycloakMissing, testKeycloak } = await keycloak()
  if (keycloakMissing(false)) return null
  const server = await testKeycloak().catch(() => null)
  return server?.address ?? null
}

async function leaveServers() {
  const [{ leaveTestServer }, { leaveTestKeycloak }] = await Promise.all([postgres(), keycloak()])
  await Promise.all([leaveTestServer(), leaveTestKeycloak()])
}

const runsTests = (steps: readonly Step[]) => steps.some(({ name }) => name.endsWith('tests'))

/**
 * Runs `work`, and stops the servers that it started, also at Ctrl-C: they are not of our process
 * group. Keycloak takes its time to start, and begins while the first steps run.
 */
export async function whileServing<T>(
  steps: readonly Step[],
  { testKeycloak }: CheckConfig,
  work: () => Promise<T>,
): Promise<T> {
  if (!runsTests(steps)) return work()
  const interrupted = () => void leaveServers().finally(() => process.exit(130))
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted)
  if (!testKeycloak) keycloakAddress().catch(() => null)
  try {
    return await work()
  } finally {
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted)
    await leaveServers()
  }
}
