import type { Locale } from '../i18n/locale.ts'

type Example = {
  readonly about: Record<Locale, string>
  readonly query: string
  readonly variables?: string
}

/** One tab each, the first one open. A subscription wants an id; the others run as they are. */
export const examples: readonly Example[] = [
  {
    about: {
      fr: 'Qui suis-je : une question, plusieurs services.',
      en: 'Who am I: one question, several services.',
    },
    query: `query WhoAmI {
  viewer {
    roles
    user {
      displayName
      email
    }
    sessions {
      device
      lastSeenAt
      current
    }
    bookings(first: 5) {
      edges {
        node {
          reference
          status
          startsAt
          service {
            name
          }
          coach {
            displayName
          }
        }
      }
    }
  }
}
`,
  },
  {
    about: {
      fr: 'Les personnes. La recherche est dans « Variables ».',
      en: 'People. The search is under “Variables”.',
    },
    query: `query People($search: String) {
  users(first: 10, search: $search) {
    totalCount
    edges {
      node {
        id
        displayName
        email
        roles
        status
      }
    }
  }
}
`,
    variables: '{\n  "search": ""\n}\n',
  },
  {
    about: {
      fr: 'Les paiements, leur réservation et qui a payé.',
      en: 'Payments, their booking and who paid.',
    },
    query: `query Payments {
  payments(first: 10) {
    edges {
      node {
        status
        amount {
          amount
          currency
        }
        booking {
          reference
          startsAt
          service {
            name
          }
          client {
            displayName
          }
        }
      }
    }
  }
}
`,
  },
  {
    about: {
      fr: 'En direct : l’id d’une réservation est dans « Variables ».',
      en: 'Live: the id of a booking is under “Variables”.',
    },
    query: `subscription Live($bookingId: ID!) {
  bookingChanged(bookingId: $bookingId) {
    kind
    at
    booking {
      reference
      status
      startsAt
    }
  }
}
`,
    variables: '{\n  "bookingId": ""\n}\n',
  },
]

/** The tabs of somebody who has none yet, each with a line that says what it asks. */
export const defaultTabs = (locale: Locale) =>
  examples.map(({ about, query, variables }) => ({
    query: `# ${about[locale]}\n${query}`,
    ...(variables && { variables }),
  }))
