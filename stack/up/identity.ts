import type { StackConfig } from '../config.ts'
import { demoAccountsOf } from '../demo/keycloak-accounts.ts'
import { keycloakHome, type LocalKeycloak, startLocalKeycloak } from '../keycloak/local.ts'
import type { Secrets } from '../secrets.ts'
import { step } from './progress.ts'

/** Who signs people in on this machine. */
export type Identity = {
  readonly issuer: string
  /** Where programs get their tokens. */
  readonly tokenUrl: string
  /** Null where the subgraph auth brings the provider with it. */
  readonly keycloak: LocalKeycloak | null
  /** Where its administrator works, and their password; null without one. */
  readonly console: string | null
  stop(): Promise<void>
}

/** Starts what has to run before the subgraphs do. `databaseUrl` is the superuser's. */
export async function startIdentity(
  config: StackConfig,
  secrets: Secrets,
  databaseUrl: string,
): Promise<Identity> {
  if (config.identity === 'embedded') return embedded(config)
  const keycloak = await step('Keycloak', () => startLocalKeycloak(config, secrets))
  const { issuer, realm, stop } = keycloak
  await demoAccountsOf(keycloak, databaseUrl).catch(async (error: unknown) => {
    await stop()
    throw error
  })
  return {
    ...{ issuer, keycloak, stop },
    tokenUrl: `${issuer}/protocol/openid-connect/token`,
    console: `${realm.origin}/admin/ (admin; its password: ${keycloakHome(config)}/data/h2/secret)`,
  }
}

function embedded({ providerPort }: StackConfig): Identity {
  const issuer = `http://localhost:${providerPort}`
  return {
    issuer,
    tokenUrl: `${issuer}/token`,
    keycloak: null,
    console: null,
    stop: async () => {},
  }
}
