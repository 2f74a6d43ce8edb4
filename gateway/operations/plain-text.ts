const charactersMax = 1_000

/**
 * A description fit for whoever reads it, a language model too: without characters that no eye sees
 * (controls, bidirectional marks, Unicode tags) and that may carry other words than those shown, on
 * one line, and of bounded length.
 */
export function plainText(text: string): string {
  const seen = text
    .normalize('NFC')
    .replace(/\s+/gu, ' ')
    .replace(/\p{C}|[\u{fe00}-\u{fe0f}\u{e0100}-\u{e01ef}]/gu, '')
    .trim()
  return seen.length > charactersMax ? `${seen.slice(0, charactersMax - 1)}…` : seen
}
