import { expect, test } from 'bun:test'
import { languageFrom } from './language.ts'

test.each([
  ['en', undefined, '', 'en'],
  ['de', 'en', 'fr', 'en'],
  [undefined, 'de en-GB', 'fr', 'en'],
  [undefined, undefined, 'fr-CA,fr;q=0.9,en;q=0.8', 'fr'],
  [undefined, undefined, 'fr;q=0.4, en-US;q=0.9', 'en'],
  [undefined, undefined, 'en;q=0, de', 'fr'],
  [undefined, undefined, '', 'fr'],
  ['<script>', 'x', ';;q=,,', 'fr'],
] as const)(
  'chosen %p, wished %p, accepted %p: %p',
  (chosen, uiLocales, acceptLanguage, expected) => {
    expect(languageFrom({ chosen, uiLocales, acceptLanguage })).toBe(expected)
  },
)
