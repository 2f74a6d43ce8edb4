import type { Locale } from '../i18n/locale.ts'

type Example = {
  readonly about: Record<Locale, string>
  readonly query: string
  readonly variables?: string
}

/** One tab each, the first one open. All of them run as they are. */
const examples: readonly Example[] = [
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
      fr: 'Ce que tout le monde voit.',
      en: 'What everybody sees.',
    },
    query: `query Coaches {
  coaches(first: 5) {
    edges {
      node {
        displayName
        headline
        nextFreeSlot
        services(first: 3) {
          edges {
            node {
              name
              duration
            }
          }
        }
      }
    }
  }
}
`,
  },
]

/** The tabs of somebody who has none yet, each with a line that says what it asks. */
export const defaultTabs = (locale: Locale) =>
  examples.map(({ about, query, variables }) => ({
    query: `# ${about[locale]}\n${query}`,
    ...(variables && { variables }),
  }))
