import { expect, test } from 'bun:test'
import { regionalTag, visitorLocale } from './locale.ts'

test.each([
  [['fr-FR', 'en'], 'fr'],
  [['fr-CA'], 'fr'],
  [['de-DE', 'fr'], 'fr'],
  [['en-US', 'fr'], 'en'],
  [['de-DE'], 'en'],
  [[], 'en'],
])('a browser in %p reads %s', (languages, locale) => {
  expect(visitorLocale(languages)).toBe(locale as 'fr' | 'en')
})

test('dates follow the region of the visitor where the language has one', () => {
  expect(regionalTag('en', ['fr-FR', 'en-US'])).toBe('en-US')
  expect(regionalTag('fr', ['en-US'])).toBe('fr-FR')
})
