import { join } from 'node:path'
import type { StackConfig } from '../config.ts'
import type { Secrets } from '../secrets.ts'
import { startSandboxFor } from '../stripe/account.ts'
import type { StripeSandbox } from '../stripe/sandbox.ts'

/** Null where the real Stripe takes payments. Throws PortTakenError. */
export const startPayments = (config: StackConfig, secrets: Secrets): StripeSandbox | null =>
  config.stripe
    ? null
    : startSandboxFor({
        secrets,
        port: config.stripeSandboxPort,
        gatewayPort: config.gatewayPort,
        now: () => new Date(),
        file: join(config.dataDir, 'stripe.sqlite'),
      })
