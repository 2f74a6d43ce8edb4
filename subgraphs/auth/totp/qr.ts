import qrcode from 'qrcode'

/** The text as a QR code: one inline `<svg>` in black on white, which scans on a dark page too. */
export const qrSvgOf = (text: string): Promise<string> =>
  qrcode.toString(text, { type: 'svg', errorCorrectionLevel: 'M', margin: 4 })
