/** Everybody in the demo signs in with this; it is printed by `up` and worth nothing elsewhere. */
export const demoPassword = 'calme-lagune-42'

export const demoAdmin = { email: 'admin@plexus.example', displayName: 'Camille Admin' }

export const demoClients = [
  { email: 'alice@plexus.example', displayName: 'Alice Bernard', locale: 'fr' },
  { email: 'bob@plexus.example', displayName: 'Bob Taylor', locale: 'en' },
] as const

type Week = { rrule: string; startLocal: string; duration: string }

export type DemoCoach = {
  email: string
  displayName: string
  slug: string
  headline: string
  bioFr: string
  bioEn: string
  specialties: string[]
  languages: string[]
  city: string
  timeZone: string
  week: Week[]
  services: {
    nameFr: string
    nameEn: string
    duration: string
    capacity?: number
    location?: string
    /** Cents of a euro for one seat; free without it. */
    price?: number
  }[]
}

const mornings: Week = {
  rrule: 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR',
  startLocal: '09:00',
  duration: 'PT3H',
}
const afternoons: Week = {
  rrule: 'FREQ=WEEKLY;BYDAY=MO,TU,TH',
  startLocal: '14:00',
  duration: 'PT4H',
}
const evenings: Week = {
  rrule: 'FREQ=WEEKLY;BYDAY=TU,TH',
  startLocal: '18:30',
  duration: 'PT2H30M',
}
const saturday: Week = { rrule: 'FREQ=WEEKLY;BYDAY=SA', startLocal: '10:00', duration: 'PT3H' }

export const demoCoaches: readonly DemoCoach[] = [
  {
    email: 'lea@plexus.example',
    displayName: 'Léa Martin',
    slug: 'lea-martin',
    headline: 'Retrouver du souffle quand tout va trop vite',
    bioFr:
      "Ancienne cheffe de projet, Léa accompagne depuis dix ans des personnes au bord de l'épuisement. Des séances concrètes : on repart avec une chose à essayer.",
    bioEn:
      'A former project lead, Léa has spent ten years with people close to burnout. Practical sessions: you leave with one thing to try.',
    specialties: ['stress', 'sleep'],
    languages: ['fr', 'en'],
    city: 'Lyon',
    timeZone: 'Europe/Paris',
    week: [mornings, afternoons],
    services: [
      { nameFr: 'Séance découverte', nameEn: 'First session', duration: 'PT30M' },
      { nameFr: 'Accompagnement', nameEn: 'Coaching session', duration: 'PT1H', price: 6_500 },
    ],
  },
  {
    email: 'noah@plexus.example',
    displayName: 'Noah Okafor',
    slug: 'noah-okafor',
    headline: 'Strength training for people who sit all day',
    bioFr:
      'Kinésithérapeute de formation, Noah construit des programmes de vingt minutes qui tiennent dans une vraie semaine.',
    bioEn:
      'A physiotherapist by training, Noah builds twenty-minute programmes that fit into a real week.',
    specialties: ['mobility', 'fitness'],
    languages: ['en', 'fr'],
    city: 'Paris',
    timeZone: 'Europe/Paris',
    week: [mornings, evenings],
    services: [
      {
        nameFr: 'Bilan mobilité',
        nameEn: 'Mobility check',
        duration: 'PT45M',
        price: 5_500,
        location: 'ON_SITE',
      },
      {
        nameFr: 'Petit groupe du soir',
        nameEn: 'Evening small group',
        duration: 'PT1H',
        price: 1_800,
        capacity: 6,
      },
    ],
  },
  {
    email: 'ines@plexus.example',
    displayName: 'Inès Caron',
    slug: 'ines-caron',
    headline: 'Mieux dormir, sans liste de règles',
    bioFr:
      'Spécialiste du sommeil. Trois séances suffisent souvent : comprendre, essayer, ajuster.',
    bioEn: 'A sleep specialist. Three sessions are often enough: understand, try, adjust.',
    specialties: ['sleep', 'breathing'],
    languages: ['fr'],
    city: 'Nantes',
    timeZone: 'Europe/Paris',
    week: [afternoons, evenings],
    services: [
      {
        nameFr: 'Consultation sommeil',
        nameEn: 'Sleep consultation',
        duration: 'PT50M',
        price: 6_000,
      },
    ],
  },
  {
    email: 'mateo@plexus.example',
    displayName: 'Mateo Silva',
    slug: 'mateo-silva',
    headline: 'Prendre la parole sans se trahir',
    bioFr:
      'Comédien et coach. Voix, posture, premières phrases : on travaille votre vrai prochain oral.',
    bioEn:
      'Actor and coach. Voice, posture, first sentences: we work on the talk you actually have to give.',
    specialties: ['career', 'burnout'],
    languages: ['fr', 'en', 'es'],
    city: 'Bordeaux',
    timeZone: 'Europe/Paris',
    week: [afternoons, saturday],
    services: [
      { nameFr: 'Préparer un oral', nameEn: 'Prepare a talk', duration: 'PT1H', price: 7_500 },
      {
        nameFr: 'Atelier voix',
        nameEn: 'Voice workshop',
        duration: 'PT1H30M',
        price: 3_500,
        capacity: 8,
        location: 'ON_SITE',
      },
    ],
  },
  {
    email: 'sophie@plexus.example',
    displayName: 'Sophie Tremblay',
    slug: 'sophie-tremblay',
    headline: 'Leading a team for the first time',
    bioFr:
      'Sophie a dirigé des équipes de trois à deux cents personnes. Elle aide celles et ceux qui débutent.',
    bioEn:
      'Sophie has led teams of three to two hundred. She helps people who are just starting to.',
    specialties: ['leadership', 'career'],
    languages: ['fr', 'en'],
    city: 'Montréal',
    timeZone: 'America/Montreal',
    week: [mornings, afternoons],
    services: [
      {
        nameFr: 'Premier management',
        nameEn: 'First-time manager',
        duration: 'PT45M',
        price: 9_000,
      },
    ],
  },
  {
    email: 'yasmine@plexus.example',
    displayName: 'Yasmine Haddad',
    slug: 'yasmine-haddad',
    headline: 'Manger simplement, même les semaines chargées',
    bioFr: 'Diététicienne. Pas de régime, pas de balance : des repas qui tiennent la journée.',
    bioEn: 'A dietitian. No diets, no scales: meals that carry you through the day.',
    specialties: ['nutrition', 'yoga'],
    languages: ['fr', 'ar'],
    city: 'Marseille',
    timeZone: 'Europe/Paris',
    week: [mornings, saturday],
    services: [
      { nameFr: 'Bilan nutrition', nameEn: 'Nutrition review', duration: 'PT45M', price: 4_800 },
    ],
  },
]
