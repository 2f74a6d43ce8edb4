import jsqr from 'jsqr'

const scale = 4

/** Whether each module of the picture is dark: the path is `M x y`, `m dx 0` and `h length` over rows. */
function darkModules(svg: string): { size: number; dark: Set<string> } {
  const size = Number(/viewBox="0 0 (\d+) \1"/.exec(svg)?.[1])
  const path = /<path stroke="#000000" d="([^"]+)"/.exec(svg)?.[1] ?? ''
  const dark = new Set<string>()
  let [x, y] = [0, 0]
  for (const [, command, first = '', second = ''] of path.matchAll(
    /([Mmh])(-?[\d.]+)(?:[ ,](-?[\d.]+))?/g,
  )) {
    if (command === 'M') [x, y] = [Number(first), Math.floor(Number(second))]
    if (command === 'm') x += Number(first)
    if (command !== 'h') continue
    for (const end = x + Number(first); x < end; x += 1) dark.add(`${x},${y}`)
  }
  return { size, dark }
}

/** What a phone reads from the picture; null when it reads nothing. */
export function textInQr(svg: string): string | null {
  const { size, dark } = darkModules(svg)
  const width = size * scale
  const pixels = new Uint8ClampedArray(width * width * 4).fill(255)
  for (let pixel = 0; pixel < width * width; pixel += 1) {
    const [x, y] = [pixel % width, Math.floor(pixel / width)]
    if (dark.has(`${Math.floor(x / scale)},${Math.floor(y / scale)}`)) {
      pixels.fill(0, pixel * 4, pixel * 4 + 3)
    }
  }
  return jsqr(pixels, width, width)?.data ?? null
}
