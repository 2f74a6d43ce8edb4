import { stripeProvider } from '../../subgraphs/billing/payment/provider.stripe.ts'
import { startStripeSandbox } from '../stripe/sandbox.ts'

/** The numbers that the hosted page offers. */
export const cardNumbers = {
  good: '4242424242424242',
  declined: '4000000000000002',
  poor: '4000000000009995',
  authenticating: '4000002500003155',
  slowRefund: '4000000000007726',
  failingRefund: '4000000000005126',
} as const

export type CardName = keyof typeof cardNumbers

const tokenIn = (page: string) => /name="token" value="([^"]+)"/.exec(page)?.[1] ?? ''

/** Submits a page of the sandbox as a browser without script would; where it leads, null when nowhere. */
export async function submit(url: string, fields: Record<string, string>): Promise<string | null> {
  const token = tokenIn(await (await fetch(url)).text())
  const answer = await fetch(url, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ token, ...fields }),
  })
  return answer.headers.get('location')
}

/** Pays, or tries to; where the browser would go next. */
export const payAt = (url: string, card: CardName): Promise<string | null> =>
  submit(url, { card: cardNumbers[card] })

type Told = { readonly body: string; readonly signature: string }

/** An endpoint for events; answers what `status` says. */
export function listenForEvents() {
  const told: Told[] = []
  const answers: { status: number } = { status: 200 }
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch: async (request) => {
      const body = await request.text()
      const isTaken = answers.status < 300
      if (isTaken) told.push({ body, signature: request.headers.get('stripe-signature') ?? '' })
      return new Response(null, { status: answers.status })
    },
  })
  const typesTold = () => told.map(({ body }): string => JSON.parse(body).type)
  return { url: server.url.href, told, answers, typesTold, stop: () => server.stop(true) }
}

/** A sandbox of a test's own, with our adapter on it and an ear for its events. */
export function testSandbox({ now = () => new Date() }: { readonly now?: () => Date } = {}) {
  const ear = listenForEvents()
  const secretKey = 'sk_test_ofatest'
  const webhookSecret = 'whsec_of_a_test'
  const endpoint = { url: ear.url, secret: webhookSecret }
  const sandbox = startStripeSandbox({ port: 0, secretKey, endpoint, now })
  const provider = stripeProvider({ secretKey, webhookSecret, apiUrl: sandbox.origin, now })
  /** One call of the API, without the package. */
  const call = (line: string, body: Record<string, string> = {}, headers = {}) => {
    const [method = 'GET', path = ''] = line.split(' ')
    return fetch(`${sandbox.origin}${path}`, {
      method,
      ...(method === 'POST' && { body: new URLSearchParams(body) }),
      headers: { authorization: `Bearer ${secretKey}`, ...headers },
    })
  }
  return {
    ...{ sandbox, provider, now, call, ear, secretKey, webhookSecret },
    /** Everything that has happened has been told. */
    told: async () => {
      sandbox.tick()
      await sandbox.delivery.idle()
      return ear.told
    },
    stop: async () => {
      await sandbox.stop()
      await ear.stop()
    },
  }
}

export type TestSandbox = ReturnType<typeof testSandbox>
