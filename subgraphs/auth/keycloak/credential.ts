/** `$argon2id$v=19$m=19456,t=2,p=1$salt$hash`, in base64 without padding. */
const phc =
  /^\$argon2id\$v=19\$m=(?<memory>\d+),t=(?<passes>\d+),p=(?<lanes>\d+)\$(?<salt>[^$]+)\$(?<hash>[^$]+)$/

/** Java wants the padding that PHC strings leave out. */
const padded = (text: string) => Buffer.from(text, 'base64').toString('base64')

/** A password as Keycloak keeps it, from its PHC string. Throws for any hash but argon2id's. */
export function keycloakCredential(passwordHash: string) {
  const parts = phc.exec(passwordHash)?.groups
  if (!parts) throw new Error('Only a PHC string of argon2id can become a credential of Keycloak.')
  const { memory = '', passes = '', lanes = '', salt = '', hash = '' } = parts
  return {
    type: 'password',
    credentialData: JSON.stringify({
      hashIterations: Number(passes),
      algorithm: 'argon2',
      additionalParameters: {
        hashLength: [String(Buffer.from(hash, 'base64').length)],
        memory: [memory],
        type: ['id'],
        version: ['1.3'],
        parallelism: [lanes],
      },
    }),
    secretData: JSON.stringify({
      value: padded(hash),
      salt: padded(salt),
      additionalParameters: {},
    }),
  }
}
