/** The text as a QR code: one inline `<svg>` in black on white, which scans on a dark page too. */
export async function qrSvgOf(text: string): Promise<string> {
  // Loaded with the first code: few of those who start a service ask for one.
  const { default: qrcode } = await import('qrcode')
  return qrcode.toString(text, { type: 'svg', errorCorrectionLevel: 'M', margin: 4 })
}
