import { existsSync } from 'node:fs'

const commands = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const applications = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

/**
 * Path of a Chromium on this machine; null without one. A path that was asked for is taken or
 * nothing.
 */
export function findChromium(asked?: string | null): string | null {
  if (asked) return existsSync(asked) ? asked : null
  const command = commands.map((name) => Bun.which(name)).find((path) => path !== null)
  return command ?? applications.find(existsSync) ?? null
}
