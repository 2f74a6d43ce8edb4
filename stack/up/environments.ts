import { join } from 'node:path'
import type { StackConfig } from '../config.ts'
import { demoAdmin, demoPassword } from '../demo/people.ts'
import { environmentsOf } from '../environment.ts'
import { localRealmOf } from '../keycloak/local.ts'
import type { Secrets } from '../secrets.ts'
import { sandboxAccount } from '../stripe/account.ts'

type Parts = {
  readonly config: StackConfig
  readonly secrets: Secrets
  readonly databaseUrl: (service: string) => string
  readonly watch: boolean
}

/** Where `up` puts the built web client. */
export const webFolderIn = ({ dataDir }: StackConfig) => join(dataDir, 'web')

/** Where `up` writes mails when there is no SMTP server. */
export const mailFolderIn = ({ dataDir }: StackConfig) => join(dataDir, 'mail')

/** The environments of the services on this machine, from the stack's settings. */
export const stackEnvironments = ({ config, secrets, databaseUrl, watch }: Parts) =>
  environmentsOf({
    ...{ secrets, databaseUrl, watch },
    ports: {
      gateway: config.gatewayPort,
      provider: config.providerPort,
      metrics: config.metricsPort,
    },
    webFolder: webFolderIn(config),
    stripe: config.stripe ?? sandboxAccount(secrets, config.stripeSandboxPort),
    mail: { smtpUrl: config.smtpUrl, folder: mailFolderIn(config) },
    admin: { email: demoAdmin.email, password: demoPassword },
    keycloak: config.identity === 'keycloak' ? localRealmOf(config, secrets) : null,
    logLevel: config.logLevel,
    traceEndpoint: config.traceEndpoint,
    cookiePrefix: config.cookiePrefix,
  })
