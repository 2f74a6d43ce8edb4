import { Client, fetchExchange, mapExchange } from 'urql'
import { graphCache } from './cache.ts'
import { failureFrom } from './failure.ts'
import { registeredFetch } from './registered.ts'

/** One client a page: the session starts the page anew when its owner changes. */
export const createGraphClient = (onMaybeSignedOut: () => void): Client =>
  new Client({
    url: '/graphql',
    // Bun's type of fetch has `preconnect`, which no browser offers.
    fetch: registeredFetch as typeof fetch,
    preferGetMethod: false,
    exchanges: [
      mapExchange({
        onError: (error) => {
          const { kind } = failureFrom(error)
          // Without a session, what needs one is answered as denied.
          if (kind === 'signed-out' || kind === 'denied') onMaybeSignedOut()
        },
      }),
      graphCache(),
      fetchExchange,
    ],
  })
