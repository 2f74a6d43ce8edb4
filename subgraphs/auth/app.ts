import type { Metrics } from '#kit/metrics'
import { newestMigration } from '#kit/newest-migration' with { type: 'macro' }
import { database, type Pool, systemContext } from '#kit/postgres'
import type { Surroundings } from '#kit/run'
import type { Service } from '#kit/service'
import { createSubgraphService, type DatabaseOptions, poolOf } from '#kit/subgraph-service'
import { createVault } from '#kit/vault'
import type { Accounts } from './account/accounts.ts'
import { accountsOf } from './account/compose.ts'
import { keycloakDirectory } from './account/directory.keycloak.ts'
import { localDirectory } from './account/directory.local.ts'
import { bootstrapAdmin } from './account/provision.ts'
import { createTurns } from './account/turns.ts'
import type { Config } from './config.ts'
import type { Context } from './context.ts'
import { tellFailures } from './failure/tell.ts'
import { createProber } from './health/prober.ts'
import { consumeDelegations } from './impersonation/arrival.ts'
import { watchActs } from './impersonation/watch.ts'
import { keycloakAdmin } from './keycloak/admin.ts'
import { followKeycloak } from './keycloak/follow.ts'
import { createCatalog } from './operation/catalog.ts'
import { contractsIn } from './operation/contracts.ts'
import { publishHouse } from './operation/house.ts'
import { createProvider } from './provider/provider.ts'
import type { SignInOutcome } from './provider/settings.ts'
import { schema } from './schema.ts'
import type { SecondFactor } from './security/second-factor.ts'

type Options = Surroundings & DatabaseOptions & { readonly config: Config }

const attempts = (metrics: Metrics) => {
  const count = metrics.counter({
    name: 'sign_in_attempts_total',
    help: "Tries to sign in on the provider's page, by what became of them.",
    labels: ['outcome'],
  })
  return (outcome: SignInOutcome) => count({ outcome })
}

function secondFactorOf({ secondFactor }: Config): SecondFactor | null {
  if (!secondFactor) return null
  const { keys, relyingParty } = secondFactor
  return { relyingParty, vault: createVault(keys) }
}

/** Keycloak, where accounts are there. */
function keycloakOf({ config: { keycloak: settings }, log, now }: Options) {
  if (!settings) return null
  const admin = keycloakAdmin({ ...settings, now })
  const directory = keycloakDirectory(admin, settings.realm)
  const follow = (sql: Pool) => followKeycloak({ sql, admin, directory, settings, log, now })
  return { directory, follow }
}

type Signing = { sql: Pool; secondFactor: SecondFactor | null; accounts: Accounts }

/** The embedded provider on its own port, once the first administrator can sign in. */
async function startProvider(
  { sql, secondFactor, accounts }: Signing,
  { config, log, metrics, now }: Options,
) {
  const db = database(sql, systemContext)
  if (config.bootstrapAdmin && (await bootstrapAdmin(db, config.bootstrapAdmin))) {
    log.info('The first administrator has an account now')
  }
  if (!config.provider) return { stop: async () => {} }
  const { port, hostname, ...settings } = config.provider
  const provider = createProvider({
    ...{ ...settings, db, log, now, secondFactor, accounts },
    seen: attempts(metrics),
  })
  await provider.start(port, hostname)
  return provider
}

/** Accounts, browser sessions and the embedded OpenID provider. */
export function createAuth(options: Options): Service {
  const secondFactor = secondFactorOf(options.config)
  const sql = poolOf('auth', options.config, options)
  const turns = createTurns()
  const settings = options.config.accounts
  const keycloak = keycloakOf(options)
  const directory = keycloak?.directory ?? localDirectory
  const accounts = accountsOf({ ...options, sql, settings, turns, directory })
  const { operations, probes } = options.config
  const contracts = contractsIn(operations.folder)
  const catalog = createCatalog(contracts, operations)
  const health = createProber({ ...options, sql, settings: probes })
  return createSubgraphService({
    ...options,
    name: 'auth',
    migrations: newestMigration('subgraphs/auth/migrations'),
    schema,
    extend: (base): Context => ({ ...base, accounts, catalog, contracts, secondFactor, health }),
    sql,
    parts: ({ bus }) => [
      accounts.requests.start(),
      consumeDelegations({ ...options, sql, bus }),
      watchActs({ ...options, sql }),
      tellFailures({ ...options, sql }),
      health.start(),
      publishHouse({ ...options, sql, catalog, folder: operations.folder }),
      startProvider({ sql, secondFactor, accounts }, options),
      ...(keycloak ? [keycloak.follow(sql)] : []),
    ],
  })
}
