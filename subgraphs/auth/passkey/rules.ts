/** As long as a person may take to find their key. */
export const challengeMs = 5 * 60_000

/** More than anybody has; a list without an end is a way to make the server slow. */
export const passkeysMax = 20

const invisible = /[\p{Cc}\p{Cf}]/u

/** A name that a person tells passkeys apart by, without blanks around it. Null for one that cannot be shown. */
export function labelFrom(text: string): string | null {
  const label = text.trim()
  const length = [...label].length
  return length >= 1 && label.length <= 80 && !invisible.test(label) ? label : null
}

/**
 * Attestation was not asked for. Of what may come nevertheless, these are checked without asking
 * anybody else: the others would have the server fetch lists that the certificate names.
 */
export const attestationFormats: readonly string[] = ['none', 'packed']
