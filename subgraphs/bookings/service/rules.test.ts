import { describe, expect, test } from 'bun:test'
import { defaultTerms, type ServiceInput, serviceFault, termsFrom, textIn } from './rules.ts'

const input: ServiceInput = {
  nameFr: ' Yoga doux ',
  nameEn: 'Gentle yoga',
  duration: 60,
  capacity: 1,
  location: 'ONLINE',
}

describe('serviceFault', () => {
  test.each<[Partial<ServiceInput>, string | null]>([
    [{}, null],
    [{ duration: 4 }, 'duration'],
    [{ duration: 720 }, null],
    [{ duration: 721 }, 'duration'],
    [{ step: 0 }, 'step'],
    [{ capacity: 0 }, 'capacity'],
    [{ capacity: 501 }, 'capacity'],
    [{ bufferBefore: 241 }, 'bufferBefore'],
    [{ bufferAfter: 241 }, 'bufferAfter'],
    [{ minimumNotice: 0 }, null],
    [{ minimumNotice: 43_201 }, 'minimumNotice'],
    [{ cancelNotice: 43_201 }, 'cancelNotice'],
    [{ horizon: 1440 }, null],
    [{ horizon: 1439 }, 'horizon'],
    [{ horizon: 2000 }, 'horizon'],
    [{ horizon: 366 * 1440 }, 'horizon'],
    [{ nameFr: '  ' }, 'nameFr'],
    [{ nameEn: 'x'.repeat(121) }, 'nameEn'],
    [{ descriptionEn: 'x'.repeat(4_001) }, 'descriptionEn'],
    [{ descriptionFr: null, horizon: null }, null],
  ])('%j', (change, part) => {
    expect(serviceFault({ ...input, ...change })?.path ?? null).toEqual(
      part === null ? null : [part],
    )
  })
})

describe('termsFrom', () => {
  test('a new service gets the defaults where its coach says nothing', () => {
    expect(termsFrom(input, null)).toMatchObject({
      ...defaultTerms,
      description: { fr: null, en: null },
      name: { fr: 'Yoga doux', en: 'Gentle yoga' },
    })
  })

  test('a change leaves what it does not speak of', () => {
    const before = termsFrom({ ...input, horizon: 7 * 1440, descriptionFr: 'Doux.' }, null)
    const after = termsFrom({ ...input, bufferAfter: 15 }, before)
    expect(after).toEqual({ ...before, bufferAfterMinutes: 15 })
  })
})

test.each([
  [{ fr: 'oui', en: 'yes' }, 'en', 'yes'],
  [{ fr: 'oui', en: 'yes' }, 'en-GB', 'yes'],
  [{ fr: 'oui', en: 'yes' }, 'de', 'oui'],
  [{ fr: 'oui', en: '' }, 'en', 'oui'],
  [{ en: 'yes' }, 'fr', 'yes'],
  [{}, 'fr', null],
])('%j in %s is %p', (texts, locale, expected) => {
  expect(textIn(texts, locale)).toBe(expected)
})
