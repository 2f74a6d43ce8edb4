import type { StripeAccount } from '../environment.ts'
import type { Secrets } from '../secrets.ts'
import { type StripeSandbox, startStripeSandbox } from './sandbox.ts'

/** The account that the sandbox on that port knows. */
export const sandboxAccount = (secrets: Secrets, port: number): StripeAccount => ({
  secretKey: secrets.stripeSecretKey,
  webhookSecret: secrets.stripeWebhookSecret,
  apiUrl: `http://localhost:${port}`,
})

type Options = {
  readonly secrets: Secrets
  readonly port: number
  readonly gatewayPort: number
  readonly now: () => Date
  /** Without it everything is forgotten at the end. */
  readonly file?: string
}

/** The sandbox with that account; it tells the gateway what happens, as Stripe would. Throws PortTakenError. */
export const startSandboxFor = ({ secrets, gatewayPort, ...options }: Options): StripeSandbox =>
  startStripeSandbox({
    ...options,
    secretKey: secrets.stripeSecretKey,
    endpoint: {
      url: `http://localhost:${gatewayPort}/webhooks/stripe`,
      secret: secrets.stripeWebhookSecret,
    },
  })
