import { Client, fetchExchange, mapExchange } from 'urql'
import { graphCache } from './cache.ts'
import { failureFrom } from './failure.ts'
import { registeredFetch } from './registered.ts'

/** One client a page: the session starts the page anew when its owner changes. */
export const createGraphClient = (onSignedOut: () => void): Client =>
  new Client({
    url: '/graphql',
    // Bun's type of fetch has `preconnect`, which no browser offers.
    fetch: registeredFetch as typeof fetch,
    preferGetMethod: false,
    exchanges: [
      mapExchange({
        onError: (error) => {
          if (failureFrom(error).kind === 'signed-out') onSignedOut()
        },
      }),
      graphCache(),
      fetchExchange,
    ],
  })
