import { expect, test } from 'bun:test'
import { deviceFrom } from './device.ts'

test.each([
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0',
    { name: 'Edge · Windows', isPhone: false },
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
    { name: 'Safari · iPhone', isPhone: true },
  ],
  [
    'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36',
    { name: 'Chrome · Android', isPhone: true },
  ],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:140.0) Gecko/20100101 Firefox/140.0',
    { name: 'Firefox · macOS', isPhone: false },
  ],
  ['curl/8.9.1', { name: 'curl', isPhone: false }],
  [`Something ${'x'.repeat(80)}`, { name: `Something ${'x'.repeat(50)}`, isPhone: false }],
])('%s is named as people do', (userAgent, device) => {
  expect(deviceFrom(userAgent)).toEqual(device)
})

test('a device that says nothing of itself has no name', () => {
  expect(deviceFrom(' ')).toBeNull()
})
