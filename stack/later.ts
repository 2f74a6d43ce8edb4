import { argv, exit } from 'node:process'

/** Commands whose names are kept for parts of the product that are not built yet. */
const reserved: Readonly<Record<string, string>> = {
  'deploy:test': 'the deployment tests (issue 8)',
}

const command = argv[2] ?? ''
const part = reserved[command] ?? 'a later part of the product'
console.error(`\`bun run ${command}\` belongs to ${part} and does not exist yet.`)
exit(2)
