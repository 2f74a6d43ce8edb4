import { binFolder } from './bundle.ts'
import { home, type ImageSource, userId } from './list.ts'

/** How a container of ours is started; deploy/Dockerfile says the same, and a test compares them. */
export const runSettings = {
  User: `${userId}:${userId}`,
  WorkingDir: home,
  Env: ['PATH=/usr/local/bin', 'NODE_ENV=production'],
  Entrypoint: ['/usr/local/bin/bun', `/${binFolder}/main.js`],
  StopSignal: 'SIGTERM',
} as const

/** What every image says of itself. The commit is not in it: the same content is the same image. */
export const labelsOf = ({ name, title }: ImageSource, version: string) => ({
  'org.opencontainers.image.title': title,
  'org.opencontainers.image.ref.name': name,
  'org.opencontainers.image.version': version,
  'org.opencontainers.image.licenses': 'MIT',
  'org.opencontainers.image.vendor': 'Plexus',
  'org.opencontainers.image.source': 'https://github.com/plexus-platform/plexus',
})
