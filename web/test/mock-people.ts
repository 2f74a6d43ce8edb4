export type MockCoach = {
  id: string
  slug: string
  displayName: string
  headline: string
  bio: { fr: string; en: string }
  specialties: string[]
  languages: string[]
  city: string | null
  timeZone: string
  published: boolean
}

export type MockService = {
  id: string
  coachId: string
  name: { fr: string; en: string }
  description: { fr: string; en: string }
  duration: string
  capacity: number
  location: 'ONLINE' | 'ON_SITE' | 'AT_CLIENT'
  /** Cents for one seat; 0 is free. */
  price: number
}

const rows = [
  [
    'camille-moreau',
    'Camille Moreau',
    'Sommeil réparateur, sans recette miracle',
    'sleep stress',
    'fr en',
    'Saint-Germain-en-Laye-sur-Loire',
    'Europe/Paris',
  ],
  [
    'james-okafor',
    'James Okafor',
    'Steady leadership for people who carry a lot',
    'leadership career burnout',
    'en fr',
    'London',
    'Europe/London',
  ],
  [
    'ines-carvalho',
    'Inês Carvalho',
    'Bouger mieux, à tout âge',
    'mobility fitness',
    'fr pt',
    'Paris',
    'Europe/Paris',
  ],
  [
    'sofia-lindqvist',
    'Sofia Lindqvist',
    'Breathing and meditation that fit a working day',
    'breathing meditation stress',
    'en',
    'Geneva',
    'Europe/Zurich',
  ],
  [
    'theo-garnier',
    'Théo Garnier',
    'Une alimentation simple qui tient dans la durée',
    'nutrition',
    'fr',
    'Nantes',
    'Europe/Paris',
  ],
  [
    'maya-tremblay',
    'Maya Tremblay',
    'Parents fatigués, familles apaisées',
    'parenting stress',
    'fr en',
    'Montréal',
    'America/Montreal',
  ],
  [
    'noah-berger',
    'Noah Berger',
    'From burnout back to rhythm',
    'burnout sleep',
    'en de',
    null,
    'Europe/Zurich',
  ],
] as const

const bio = {
  fr: 'J’accompagne depuis douze ans des personnes qui veulent retrouver de l’élan sans se malmener.\n\nNos séances sont concrètes : un point de départ clair, un essai simple par semaine, et un regard bienveillant sur ce qui marche.',
  en: 'For twelve years I have worked with people who want their energy back without being hard on themselves.\n\nOur sessions are practical: a clear starting point, one simple experiment a week, and a kind look at what works.',
}

export const people = (): MockCoach[] =>
  rows.map(([slug, displayName, headline, specialties, languages, city, timeZone], index) => ({
    id: `coach-${index + 1}`,
    slug,
    displayName,
    headline,
    bio,
    specialties: specialties.split(' '),
    languages: languages.split(' '),
    city,
    timeZone,
    published: true,
  }))

const offers = [
  {
    name: { fr: 'Premier échange', en: 'First conversation' },
    description: {
      fr: 'Faire connaissance, comprendre votre besoin, choisir la suite ensemble.',
      en: 'Get to know each other, understand what you need, choose what comes next.',
    },
    duration: 'PT30M',
    capacity: 1,
    location: 'ONLINE',
    price: 0,
  },
  {
    name: { fr: 'Séance individuelle', en: 'One-to-one session' },
    description: { fr: 'Une heure pour avancer.', en: 'An hour to move forward.' },
    duration: 'PT1H',
    capacity: 1,
    location: 'ON_SITE',
    price: 6_000,
  },
  {
    name: { fr: 'Atelier en petit groupe', en: 'Small group workshop' },
    description: { fr: 'Six personnes au plus.', en: 'Six people at most.' },
    duration: 'PT1H30M',
    capacity: 6,
    location: 'ONLINE',
    price: 2_550,
  },
] as const

/** The last coach offers nothing yet: the empty state has its page too. */
export const offered = (coaches: readonly MockCoach[]): MockService[] =>
  coaches
    .slice(0, -1)
    .flatMap(({ id }) =>
      offers.map((offer, place) => ({ ...offer, id: `${id}-service-${place + 1}`, coachId: id })),
    )
