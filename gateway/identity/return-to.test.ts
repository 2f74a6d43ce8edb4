import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { returnToFrom } from './return-to.ts'

const origin = 'https://plexus.test'

test.each([
  ['/', '/'],
  ['/coaches?city=Lyon&x=%2F#top', '/coaches?city=Lyon&x=%2F#top'],
  ['/a/../b', '/b'],
  ['/coaches?next=https://evil.test', '/coaches?next=https://evil.test'],
])('%p stays %p', (wanted, expected) => {
  expect(returnToFrom(wanted, origin)).toBe(expected)
})

test.each([
  null,
  '',
  'coaches',
  'https://evil.test',
  'https://plexus.test/coaches',
  '//evil.test',
  '///evil.test',
  '/\\evil.test',
  '\\\\evil.test',
  '/\t/evil.test',
  '/\n/evil.test',
  '/%5cevil.test\\',
  '/./\\evil.test',
  '/../..//evil.test',
  '/x/..//evil.test/%2e%2e',
  '//evil.test/%2f..',
  '//evil%2etest',
  '//plexus.test@evil.test',
  '//evil.test:443',
  '/\r\n//evil.test',
  '/%09//evil.test\t',
  '\u00a0//evil.test',
  ' //evil.test',
  '\u2028//evil.test',
  'https:evil.test',
  'https:/evil.test',
  'https:///evil.test',
  'HTTPS://plexus.test.evil.test',
  'data:text/html,<script>alert(1)</script>',
  'vbscript:x',
  '?returnTo=//evil.test',
  '#//evil.test',
  '.evil.test',
  '@evil.test',
  '/auth/login?returnTo=/auth/login',
  '/AUTH/../auth/goodbye',
  '/a/..//evil.test',
  '/.//evil.test',
  'javascript:alert(1)',
  '/\u0000',
  '/auth/logout',
  '/x/../auth/login',
  `/${'a'.repeat(3_000)}`,
])('%p leads home', (wanted) => {
  expect(returnToFrom(wanted, origin)).toBe('/')
})

test('whatever is wanted, a browser stays on this origin', () => {
  const piece = fc.constantFrom(
    '/',
    '\\',
    '.',
    '..',
    ':',
    '@',
    '?',
    '#',
    '\t',
    '\n',
    '%2f',
    'evil.test',
    'http',
    'a',
  )
  fc.assert(
    fc.property(
      fc.array(piece).map((pieces) => `/${pieces.join('')}`),
      (wanted) => {
        expect(new URL(returnToFrom(wanted, origin), `${origin}/auth/callback`).origin).toBe(origin)
      },
    ),
  )
})
